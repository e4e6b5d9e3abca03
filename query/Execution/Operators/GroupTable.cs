using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Query;

/// <summary>
/// A hash table from keys of one or more columns to groups, numbered from 0 in the order in which
/// they were first seen. Open addressing with linear probing, at most half full. A batch is looked
/// up by hash first and then compared column by column, so that no row costs a virtual call. A key
/// of one column of 64-bit integers is compared in its slot. Adding is for one thread; looking up
/// is for many while nobody adds, each with a <see cref="GroupProbe"/> of its own.
/// </summary>
internal sealed partial class GroupTable
{
    private const int PrefetchSlotCountMin = 1 << 15;
    private const int PrefetchRows = 12;
    private const int SlotCountOfQuickGrowth = 1 << 16;
    private const int SlotCountMax = 1 << 30;

    private readonly KeyColumn[] _columns;
    private readonly bool _isSingle;
    private readonly bool _storesKeys;
    private readonly LargeArrays _arrays;
    private readonly GroupProbe _probe = new();
    private Slot[] _slots = new Slot[64];
    private int _nullGroup = -1;

    /// <summary>Makes an empty table for keys of these types.</summary>
    /// <param name="types">The types of the columns of a key.</param>
    /// <param name="arrays">Where large arrays come from.</param>
    /// <param name="givesKeys">Whether <see cref="ViewKeys"/> is asked for.</param>
    public GroupTable(
        IEnumerable<DataType> types, LargeArrays? arrays = null, bool givesKeys = true)
    {
        _arrays = arrays ?? LargeArrays.None;
        _columns = [.. types.Select(type => KeyColumn.Create(type, _arrays))];
        _isSingle = _columns is [KeyColumn<long, LongKey>];
        _storesKeys = givesKeys || !_isSingle;
    }

    /// <summary>How many groups there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes that the slots take.</summary>
    public long SlotSizeBytes => 16L * _slots.Length;

    /// <summary>Finds the group of each row; a key not seen before makes a new group.</summary>
    public void FindOrAdd(ReadOnlySpan<ColumnBuffer> keys, int count, Span<int> groups)
    {
        Invariant.Check(keys.Length == _columns.Length);
        if (_isSingle)
        {
            FindOrAddSingle((ColumnBuffer<long>)keys[0], groups[..count]);
            return;
        }

        int known = Count;
        ReadOnlySpan<ulong> hashes = Hash(keys, count, _probe);
        for (int row = 0; row < count; row++)
        {
            PrefetchAhead(hashes, row);
            groups[row] = FindByHash(hashes[row], out int slot);
            if (groups[row] < 0)
            {
                groups[row] = Add(keys, row, hashes[row], slot);
            }
        }

        int hashed = Count;
        foreach (int row in Differing(keys, count, groups, _probe))
        {
            groups[row] = FindExactly(keys, row, hashes[row], out int slot);
            if (groups[row] < 0)
            {
                groups[row] = Add(keys, row, hashes[row], slot);
            }
        }

        if (Count > hashed)
        {
            Renumber(known, groups[..count]);
        }
    }

    /// <summary>Finds the group of each row; -1 for a key that is not there.</summary>
    public void Find(ReadOnlySpan<ColumnBuffer> keys, int count, Span<int> groups) =>
        Find(keys, count, groups, _probe);

    /// <summary>Finds the group of each row; -1 for a key that is not there.</summary>
    public void Find(
        ReadOnlySpan<ColumnBuffer> keys, int count, Span<int> groups, GroupProbe probe)
    {
        Invariant.Check(keys.Length == _columns.Length);
        if (_isSingle)
        {
            FindSingle((ColumnBuffer<long>)keys[0], groups[..count]);
            return;
        }

        ReadOnlySpan<ulong> hashes = Hash(keys, count, probe);
        for (int row = 0; row < count; row++)
        {
            PrefetchAhead(hashes, row);
            groups[row] = FindByHash(hashes[row], out _);
        }

        foreach (int row in Differing(keys, count, groups, probe))
        {
            groups[row] = FindExactly(keys, row, hashes[row], out _);
        }
    }

    /// <summary>
    /// The keys of all groups, to be read before more are added and before the table is released.
    /// </summary>
    public ColumnBuffer[] ViewKeys()
    {
        Invariant.Check(_storesKeys);
        return [.. _columns.Select(static column => column.View())];
    }

    /// <summary>Makes room for so many groups at once.</summary>
    public void Reserve(long count)
    {
        int wanted = (int)Math.Min(count, SlotCountMax / 2);
        if (2 * wanted > _slots.Length)
        {
            Grow((int)BitOperations.RoundUpToPowerOf2(2 * (uint)wanted));
        }
    }

    /// <summary>Gives the memory back; nothing may be asked of the table afterwards.</summary>
    public void Release()
    {
        _arrays.Return(_slots);
        _slots = [];
        foreach (KeyColumn column in _columns)
        {
            column.Release();
        }
    }

    private static ulong HashOf(long key) => Hash64.Mix((ulong)key);

    private ReadOnlySpan<ulong> Hash(
        ReadOnlySpan<ColumnBuffer> keys, int count, GroupProbe probe)
    {
        Span<ulong> hashes = probe.Hashes(count);
        hashes.Clear();
        for (int i = 0; i < keys.Length; i++)
        {
            Invariant.Check(keys[i].Count == count);
            _columns[i].Hash(keys[i], hashes);
        }

        return hashes;
    }

    private ReadOnlySpan<int> Differing(
        ReadOnlySpan<ColumnBuffer> keys, int count, ReadOnlySpan<int> groups, GroupProbe probe)
    {
        Span<int> rows = probe.Rows(count * keys.Length);
        int found = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            found += _columns[i].Differing(keys[i], groups[..count], rows[found..]);
        }

        // A row that differs in two columns is settled twice, to the same group.
        return rows[..found];
    }

    // The slots of a large table are not in the caches: those of later rows are asked for early.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchAhead(ReadOnlySpan<ulong> hashes, int row)
    {
        if (_slots.Length >= PrefetchSlotCountMin && (uint)(row + PrefetchRows) < hashes.Length)
        {
            Prefetch(hashes[row + PrefetchRows]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchAhead(ReadOnlySpan<long> keys, int row)
    {
        if (_slots.Length >= PrefetchSlotCountMin && (uint)(row + PrefetchRows) < keys.Length)
        {
            Prefetch(HashOf(keys[row + PrefetchRows]));
        }
    }

    private unsafe void Prefetch(ulong hash)
    {
        ref Slot slot = ref _slots[(int)hash & (_slots.Length - 1)];
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref slot));
        }
    }

    private int FindByHash(ulong hash, out int slot)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        slot = (int)hash & mask;
        while (true)
        {
            ref readonly Slot candidate = ref slots[slot];
            if (candidate.Next == 0)
            {
                return -1;
            }

            if (candidate.Key == hash)
            {
                return candidate.Next - 1;
            }

            slot = (slot + 1) & mask;
        }
    }

    private int Add(ReadOnlySpan<ColumnBuffer> keys, int row, ulong hash, int slot)
    {
        for (int i = 0; _storesKeys && i < keys.Length; i++)
        {
            _columns[i].Add(keys[i], row);
        }

        _slots[slot] = new Slot(hash, ++Count);
        if (2 * Count > _slots.Length)
        {
            Grow((_slots.Length < SlotCountOfQuickGrowth ? 4 : 2) * _slots.Length);
        }

        return Count - 1;
    }

    private void FindOrAddSingle(ColumnBuffer<long> keys, Span<int> groups)
    {
        ReadOnlySpan<long> values = keys.Values;
        bool mayHaveNulls = keys.Nulls.MayHaveNulls;
        int last = -1;
        for (int row = 0; row < groups.Length; row++)
        {
            if (mayHaveNulls && keys.IsNull(row))
            {
                groups[row] = _nullGroup >= 0 ? _nullGroup : _nullGroup = AddNull(keys, row);
                last = -1;
                continue;
            }

            // Rows often lie in the order of the key.
            if (last >= 0 && values[row] == values[row - 1])
            {
                groups[row] = last;
                continue;
            }

            PrefetchAhead(values, row);
            int group = FindSingle(values[row], out int slot);
            if (group < 0)
            {
                group = Count;
                Add([keys], row, (ulong)values[row], slot);
            }

            groups[row] = last = group;
        }
    }

    private int AddNull(ColumnBuffer<long> keys, int row)
    {
        if (_storesKeys)
        {
            _columns[0].Add(keys, row);
        }

        return Count++;
    }

    private void FindSingle(ColumnBuffer<long> keys, Span<int> groups)
    {
        ReadOnlySpan<long> values = keys.Values;
        for (int row = 0; row < groups.Length; row++)
        {
            if (row > 0 && values[row] == values[row - 1])
            {
                groups[row] = groups[row - 1];
                continue;
            }

            PrefetchAhead(values, row);
            groups[row] = FindSingle(values[row], out _);
        }

        ReadOnlySpan<byte> nulls = keys.Nulls.Bytes(groups.Length);
        for (int row = 0; row < nulls.Length; row++)
        {
            groups[row] = nulls[row] != 0 ? _nullGroup : groups[row];
        }
    }

    private int FindSingle(long key, out int slot)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        slot = (int)HashOf(key) & mask;
        while (true)
        {
            ref readonly Slot candidate = ref slots[slot];
            if (candidate.Next == 0)
            {
                return -1;
            }

            if (candidate.Key == (ulong)key)
            {
                return candidate.Next - 1;
            }

            slot = (slot + 1) & mask;
        }
    }

    private void Grow(int slotCount)
    {
        Slot[] old = _slots;
        Slot[] slots = _arrays.Rent<Slot>(slotCount, isCleared: true);
        int mask = slots.Length - 1;
        foreach (Slot known in old)
        {
            if (known.Next == 0)
            {
                continue;
            }

            ulong hash = _isSingle ? HashOf((long)known.Key) : known.Key;
            int slot = (int)hash & mask;
            while (slots[slot].Next != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = known;
        }

        _slots = slots;
        _arrays.Return(old);
    }

    /// <summary>A key, or its hash, with the number of its group plus 1; 0 for none.</summary>
    private readonly record struct Slot(ulong Key, int Next);
}
