namespace NeuroDb.Query;

/// <summary>
/// Rows on disk in parts by the hash of their keys, so that equal keys meet in one part (G. Graefe,
/// Query evaluation techniques, 1993, hybrid hashing). Each level takes other bits of the hash.
/// </summary>
internal sealed class SpillPartitions : IDisposable
{
    /// <summary>How many parts.</summary>
    public const int Count = 16;

    /// <summary>At that depth a part has keys that no hash separates; it stays whole.</summary>
    public const int LevelMax = 8;

    private const int BitsPerLevel = 4;
    private const int HashBits = 64;

    private readonly SpillFile _file;
    private readonly DataType[] _types;
    private readonly KeyColumn[] _keys;
    private readonly List<SpillBlock>[] _blocks = new List<SpillBlock>[Count];
    private readonly RowStore[] _pending = new RowStore[Count];
    private readonly int _level;

    /// <summary>Makes empty parts.</summary>
    public SpillPartitions(
        SpillSpace space,
        IEnumerable<DataType> types,
        IEnumerable<DataType> keys,
        int level)
    {
        Invariant.Check(level <= LevelMax);
        _types = [.. types];
        _file = space.Create(_types);
        _keys = [.. keys.Select(KeyColumn.Create)];
        _level = level;
        for (int i = 0; i < Count; i++)
        {
            _blocks[i] = [];
            _pending[i] = new RowStore(_types);
        }
    }

    /// <summary>The bytes on disk.</summary>
    public long LengthBytes => _file.LengthBytes;

    /// <summary>Whether all rows came into one part; once complete.</summary>
    public bool IsOnePart => _blocks.Count(static part => part.Count > 0) < 2;

    /// <summary>Puts rows into the parts of their keys.</summary>
    public void Add(RowBatch batch, ColumnBuffer[] keys)
    {
        Invariant.Check(keys.Length == _keys.Length);
        var hashes = new ulong[batch.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            _keys[i].Hash(keys[i], hashes);
        }

        int shift = HashBits - (BitsPerLevel * (_level + 1));
        var rows = new int[batch.Count];
        for (int part = 0; part < Count; part++)
        {
            int count = 0;
            for (int row = 0; row < hashes.Length; row++)
            {
                rows[count] = row;
                count += (int)((hashes[row] >> shift) & (Count - 1)) == part ? 1 : 0;
            }

            if (count > 0)
            {
                _pending[part].Add(batch.Gather(rows.AsSpan(0, count)));
                if (_pending[part].Count >= Limits.BatchRowCount)
                {
                    Flush(part);
                }
            }
        }
    }

    /// <summary>Ends writing.</summary>
    public void Complete()
    {
        for (int part = 0; part < Count; part++)
        {
            Flush(part);
        }
    }

    /// <summary>The rows of a part.</summary>
    public BatchCursor Open(int part) => new SpillCursor(_file, _blocks[part]);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Flush(int part)
    {
        if (_pending[part].Count > 0)
        {
            _blocks[part].Add(_file.Write(_pending[part].Build()));
            _pending[part] = new RowStore(_types);
        }
    }
}
