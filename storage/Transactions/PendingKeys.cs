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
    private long[]? _indexed;

    /// <summary>The positions of the rows that may have a key of that hash.</summary>
    public Walk Find(int keyOrdinal, ulong hash)
    {
        if (rows.Count <= ScanCountMax)
        {
            return new Walk(rows.Count);
        }

        // Parallel readers of one snapshot may be the first to need the index.
        lock (_gate)
        {
            return new Walk(CompleteIndex(keyOrdinal).Find(hash));
        }
    }

    /// <summary>Forgets the indexes, after rows were removed.</summary>
    public void Reset()
    {
        _indexes = null;
        _indexed = null;
    }

    private KeyIndex CompleteIndex(int keyOrdinal)
    {
        int keys = rows.Table.Schema.Keys.Count;
        _indexes ??= new KeyIndex?[keys];
        _indexed ??= new long[keys];
        int[] key = rows.Table.Schema.Keys[keyOrdinal].Ordinals;
        var source = new PendingKeyRows(rows, key);
        KeyIndex index = _indexes[keyOrdinal] ??= new KeyIndex(source);
        for (long i = _indexed[keyOrdinal]; i < rows.Count; i++)
        {
            if (source.TryHash(i, out ulong rowHash, out long position))
            {
                index.Add(rowHash, position);
            }
        }

        _indexed[keyOrdinal] = rows.Count;
        return index;
    }

    /// <summary>A walk over candidates: all rows of a short list, or those of a hash.</summary>
    internal ref struct Walk
    {
        private readonly long _count;
        private KeyProbe _probe;
        private long _next;

        /// <summary>A walk over all positions below a count.</summary>
        public Walk(long count) => _count = count;

        /// <summary>A walk over the candidates of an index.</summary>
        public Walk(KeyProbe probe)
        {
            _count = -1;
            _probe = probe;
        }

        /// <summary>The next position; false when there is none left.</summary>
        public bool Next(out long position)
        {
            if (_count < 0)
            {
                return _probe.Next(out position);
            }

            position = _next++;
            return position < _count;
        }
    }
}
