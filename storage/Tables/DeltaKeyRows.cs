namespace NeuroDb.Storage;

/// <summary>The rows of a <see cref="RowDelta"/> as the source of one key index.</summary>
internal sealed class DeltaKeyRows(RowDelta delta, TableSchema schema, int key) : IKeyRows
{
    private readonly int[] _ordinals = schema.Keys[key].Ordinals;

    /// <inheritdoc/>
    public long RowCount => delta.RowCount;

    /// <inheritdoc/>
    public int Hash(long row, Span<ulong> hashes, Span<long> rows, out int found)
    {
        RowChunk chunk = delta.ChunkOf(row);
        int first = RowDelta.RowOf(row);
        int inChunk = (int)Math.Min(Limits.ChunkRowCount - first, delta.RowCount - row);
        int count = Math.Min(inChunk, hashes.Length);
        found = KeyColumns.Hash(chunk.Columns, _ordinals, first, count, hashes, rows);
        if (chunk.FirstEnd <= delta.ReplayedTimestamp)
        {
            found = LeaveOutEnded(chunk, hashes, rows, found);
        }

        for (int i = 0; i < found; i++)
        {
            rows[i] += row - first;
        }

        return count;
    }

    /// <inheritdoc/>
    public bool AreSame(long row, long other) => KeyColumns.Same(
        _ordinals,
        delta.ChunkOf(row).Columns,
        RowDelta.RowOf(row),
        delta.ChunkOf(other).Columns,
        RowDelta.RowOf(other));

    /// <inheritdoc/>
    public long PreviousOf(long row)
    {
        uint distance = delta.ChunkOf(row).LinkAt(key, RowDelta.RowOf(row));
        return distance == 0 ? -1 : row - distance;
    }

    /// <inheritdoc/>
    public bool TryLink(long row, long previous)
    {
        Invariant.Check(previous < row);
        if (row - previous > uint.MaxValue)
        {
            return false;
        }

        delta.ChunkOf(row).Link(
            key, schema.Keys.Count, RowDelta.RowOf(row), (uint)(row - previous));
        return true;
    }

    // What ended before the database was opened is seen by nobody.
    private int LeaveOutEnded(
        RowChunk chunk, Span<ulong> hashes, Span<long> rows, int count)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (chunk.EndAt((int)rows[i]) > delta.ReplayedTimestamp)
            {
                hashes[kept] = hashes[i];
                rows[kept++] = rows[i];
            }
        }

        return kept;
    }
}
