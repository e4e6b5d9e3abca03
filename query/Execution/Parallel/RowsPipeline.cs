namespace NeuroDb.Query;

/// <summary>Rows in memory, cut into batches.</summary>
internal sealed class RowsPipeline(RowBatch rows) : Pipeline
{
    /// <inheritdoc/>
    public override int MorselCount =>
        (rows.Count + Limits.BatchRowCount - 1) / Limits.BatchRowCount;

    /// <inheritdoc/>
    public override void Prepare()
    {
    }

    /// <inheritdoc/>
    public override BatchCursor Open(int first, int end)
    {
        int start = first * Limits.BatchRowCount;
        int count = Math.Min(rows.Count, end * Limits.BatchRowCount) - start;
        return new RowsCursor(rows.Slice(start, count));
    }
}
