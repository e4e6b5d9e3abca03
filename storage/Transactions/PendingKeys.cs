namespace NeuroDb.Storage;

/// <summary>
/// Finds pending rows by key. Few rows are looked through one by one; beyond that a hash index is
/// built the first time it is needed, so that loads in key order never build one.
/// </summary>
internal sealed class PendingKeys(PendingRows rows)
{
    private const int ScanCountMax = 16;
    private readonly object _gate = new();
    private KeyIndex?[]? _indexes;
    private PendingKeyRows?[]? _keyRows;

    /// <summary>The pending row that has a key and is there for an operation.</summary>
    /// <param name="sought">The key.</param>
    /// <param name="count">The rows that may be found: those before this position.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="except">A position that is passed over, or -1.</param>
    /// <param name="position">The row, if there is one.</param>
    public bool TryFind(
        in SoughtKey sought, long count, int operation, long except, out long position)
    {
        if (rows.Count <= ScanCountMax)
        {
            for (position = count - 1; position >= 0; position--)
            {
                if (position != except && rows.IsAlive(position, operation)
                    && IsAt(sought, position))
                {
                    return true;
                }
            }

            return false;
        }

        // Parallel readers of one snapshot may be the first to need the index.
        KeyIndex index;
        lock (_gate)
        {
            index = CompleteIndex(sought.Key);
        }

        PendingKeyRows links = _keyRows![sought.Key]!;
        KeyProbe probe = index.Find(sought.Hash);
        while (probe.Next(out position))
        {
            if (!IsAt(sought, position))
            {
                continue;
            }

            // Of the rows of one key, an older one was taken back before the next was written.
            while (position >= 0 && (position >= count || position == except))
            {
                position = links.PreviousOf(position);
            }

            if (position >= 0 && rows.IsAlive(position, operation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Forgets all rows, which others come in the place of; false if more memory than theirs would
    /// be kept.
    /// </summary>
    public bool TryClear()
    {
        for (int i = 0; i < _indexes?.Length; i++)
        {
            if (_indexes[i]?.TryClear() == false)
            {
                return false;
            }

            _keyRows![i]?.Clear();
        }

        return true;
    }

    private bool IsAt(in SoughtKey sought, long position) =>
        sought.IsAt(
            rows.ChunkOf(position).ColumnsOf(rows.Table.Schema.Keys[sought.Key].Ordinals),
            PendingRows.RowOf(position));

    private KeyIndex CompleteIndex(int key)
    {
        int keys = rows.Table.Schema.Keys.Count;
        _indexes ??= new KeyIndex?[keys];
        _keyRows ??= new PendingKeyRows?[keys];
        PendingKeyRows source = _keyRows[key] ??=
            new PendingKeyRows(rows, rows.Table.Schema.Keys[key].Ordinals);
        KeyIndex index = _indexes[key] ??= new KeyIndex(source);
        index.AddAll();
        return index;
    }
}
