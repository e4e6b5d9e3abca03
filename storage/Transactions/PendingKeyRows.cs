namespace NeuroDb.Storage;

/// <summary>The pending rows of a table as the source of one key index.</summary>
internal sealed class PendingKeyRows(PendingRows rows, int[] key) : IKeyRows
{
    private readonly Dictionary<long, long> _previous = [];

    /// <inheritdoc/>
    public long RowCount => rows.Count;

    /// <inheritdoc/>
    public int Hash(long row, Span<ulong> hashes, Span<long> numbers, out int found)
    {
        PendingChunk chunk = rows.ChunkOf(row);
        int first = PendingRows.RowOf(row);
        int count = Math.Min(chunk.Count - first, hashes.Length);
        found = KeyColumns.Hash(
            chunk.ColumnsOf(key), key, first, count, hashes, numbers);
        for (int i = 0; i < found; i++)
        {
            numbers[i] += row - first;
        }

        return count;
    }

    /// <inheritdoc/>
    public bool AreSame(long row, long other) => KeyColumns.Same(
        key,
        rows.ChunkOf(row).ColumnsOf(key),
        PendingRows.RowOf(row),
        rows.ChunkOf(other).ColumnsOf(key),
        PendingRows.RowOf(other));

    /// <inheritdoc/>
    public long PreviousOf(long row) => _previous.GetValueOrDefault(row, -1);

    /// <summary>Forgets which rows have the keys of others.</summary>
    public void Clear() => _previous.Clear();

    /// <inheritdoc/>
    public bool TryLink(long row, long previous)
    {
        _previous.Add(row, previous);
        return true;
    }
}
