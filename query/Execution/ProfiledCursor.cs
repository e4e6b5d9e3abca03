namespace NeuroDb.Query;

/// <summary>A cursor whose rows, time and memory are counted.</summary>
internal sealed class ProfiledCursor(
    BatchCursor inner, NodeProfile profile, TimeProvider clock) : BatchCursor
{
    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        RowBatch? batch = profile.Measure(clock, inner.Next);
        profile.CountRows(batch?.Count ?? 0);
        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }
}
