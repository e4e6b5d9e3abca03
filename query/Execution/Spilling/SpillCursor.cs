namespace NeuroDb.Query;

/// <summary>Reads blocks of a file, one after the other.</summary>
internal sealed class SpillCursor(SpillFile file, IReadOnlyList<SpillBlock> blocks) : BatchCursor
{
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next() =>
        _next < blocks.Count ? file.Read(blocks[_next++]) : null;
}
