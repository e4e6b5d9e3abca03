namespace NeuroDb.Query;

/// <summary>Gives rows that are in memory, a batch at a time.</summary>
internal sealed class RowsCursor(RowBatch rows) : BatchCursor
{
    private readonly RowOutput _output = new(rows);

    /// <inheritdoc/>
    public override RowBatch? Next() => _output.Next();
}
