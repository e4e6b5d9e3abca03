namespace NeuroDb.Query;

/// <summary>
/// A hash table from keys of one or more columns to groups, numbered from 0 in the order in which
/// they were first seen. Open addressing with linear probing, at most half full. One thread.
/// </summary>
internal sealed class GroupTable
{
    private readonly KeyColumn[] _columns;
    private int[] _slots = new int[64];
    private ulong[] _hashes = new ulong[32];
    private ulong[] _batchHashes = [];

    /// <summary>Makes an empty table for keys of these types.</summary>
    public GroupTable(IEnumerable<DataType> types)
    {
        _columns = [.. types.Select(KeyColumn.Create)];
    }

    /// <summary>How many groups there are.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the group of each row; a key not seen before makes a new group.</summary>
    public void FindOrAdd(ReadOnlySpan<ColumnBuffer> keys, int count, Span<int> groups)
    {
        Invariant.Check(keys.Length == _columns.Length);
        ReadOnlySpan<ulong> hashes = Hash(keys, count);
        for (int row = 0; row < count; row++)
        {
            groups[row] = FindOrAdd(keys, row, hashes[row]);
        }
    }

    /// <summary>Finds the group of each row; -1 for a key that is not there.</summary>
    public void Find(ReadOnlySpan<ColumnBuffer> keys, int count, Span<int> groups)
    {
        Invariant.Check(keys.Length == _columns.Length);
        ReadOnlySpan<ulong> hashes = Hash(keys, count);
        for (int row = 0; row < count; row++)
        {
            groups[row] = Find(keys, row, hashes[row], out _);
        }
    }

    /// <summary>The keys of all groups.</summary>
    public ColumnBuffer[] BuildKeys() => [.. _columns.Select(column => column.Build())];

    private ReadOnlySpan<ulong> Hash(ReadOnlySpan<ColumnBuffer> keys, int count)
    {
        if (_batchHashes.Length < count)
        {
            _batchHashes = new ulong[count];
        }

        Span<ulong> hashes = _batchHashes.AsSpan(0, count);
        hashes.Clear();
        for (int i = 0; i < keys.Length; i++)
        {
            Invariant.Check(keys[i].Count == count);
            _columns[i].Hash(keys[i], hashes);
        }

        return hashes;
    }

    private int Find(ReadOnlySpan<ColumnBuffer> keys, int row, ulong hash, out int slot)
    {
        int mask = _slots.Length - 1;
        slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            int group = _slots[slot] - 1;
            if (_hashes[group] == hash && IsSame(group, keys, row))
            {
                return group;
            }

            slot = (slot + 1) & mask;
        }

        return -1;
    }

    private bool IsSame(int group, ReadOnlySpan<ColumnBuffer> keys, int row)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (!_columns[i].IsSame(group, keys[i], row))
            {
                return false;
            }
        }

        return true;
    }

    private int FindOrAdd(ReadOnlySpan<ColumnBuffer> keys, int row, ulong hash)
    {
        int group = Find(keys, row, hash, out int slot);
        if (group >= 0)
        {
            return group;
        }

        group = Count++;
        for (int i = 0; i < keys.Length; i++)
        {
            _columns[i].Add(keys[i], row);
        }

        if (group == _hashes.Length)
        {
            Array.Resize(ref _hashes, 2 * group);
        }

        _hashes[group] = hash;
        _slots[slot] = group + 1;
        if (2 * Count > _slots.Length)
        {
            Grow();
        }

        return group;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        int mask = _slots.Length - 1;
        for (int group = 0; group < Count; group++)
        {
            int slot = (int)_hashes[group] & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = group + 1;
        }
    }
}
