using System.Runtime.CompilerServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// A hash index from key to the newest row that has it: open addressing with linear probing over
/// 64-bit entries of a 16-bit tag and a 48-bit row number. It gives candidates; the caller compares
/// the keys, and goes from the newest row of a key to older ones by <see cref="IKeyRows"/>. A key
/// that comes back replaces its entry, so a row that is updated for ever keeps its one entry.
/// Entries are never taken out: an older snapshot may need them. One writer; readers take no lock:
/// an entry is one word, and growth is by copy and swap. A large table is copied bit by bit by the
/// rows that are added meanwhile, so that no commit waits for all of it.
/// </summary>
internal sealed class KeyIndex(IKeyRows rows)
{
    private const int TagShift = 48;
    private const long RowMask = (1L << TagShift) - 1;
    private const int CapacityFirst = 16;
    private const int AddedRunCount = 32;
    private const int LargeCapacityMin = (4 << 20) / sizeof(long);

    // So many entries of the next table are cleared, then at least so many rows copied, for each
    // row that is added: done well before this table is full.
    private const int ClearedEach = 512;
    private const int CopiedEachMin = 12;
    private const int GradualCapacityMin = 1 << 13;

    // The memory of a next table of at least this size is made ready by another thread, and waited
    // for as long as the rows until five eighths can copy all others.
    private const int PreparedCapacityMin = 2 * GradualCapacityMin;
    private long[] _entries = new long[CapacityFirst];
    private int _count;
    private long _rowCount;
    private long[]? _next;
    private int _nextCleared;
    private int _nextCount;
    private long _nextRowCount;
    private long _copiedEach;
    private long _copyOwed;
    private long[]? _prepared;
    private int _preparedCapacity;

    /// <summary>How many entries there are.</summary>
    public int Count => _count;

    /// <summary>The rows below this one have been added, or have nothing to be found by.</summary>
    public long RowCount => _rowCount;

    /// <summary>The bytes of the entries.</summary>
    public long SizeBytes =>
        (_entries.LongLength + ((Volatile.Read(ref _next) ?? Volatile.Read(ref _prepared))
            ?.LongLength ?? 0)) * sizeof(long);

    /// <summary>The newest rows of keys that may have that hash.</summary>
    public KeyProbe Find(ulong hash) => new(Volatile.Read(ref _entries), hash);

    /// <summary>Asks for the memory of the place of a key that is about to be added.</summary>
    public void Prefetch(ulong hash) => Prefetch(Volatile.Read(ref _entries), [hash]);

    /// <summary>
    /// Whether <see cref="PrepareGrowth"/> is to be called now, soon and once: fresh memory comes
    /// slowly, and who adds rows is not to wait for it.
    /// </summary>
    public bool TryBeginPreparing()
    {
        int capacity = _entries.Length * 2;
        if (_count <= _entries.Length / 16 * 5 || capacity < PreparedCapacityMin
            || capacity == _preparedCapacity || _next is not null)
        {
            return false;
        }

        _preparedCapacity = capacity;
        return true;
    }

    /// <summary>Makes the memory of the next table ready; of any thread.</summary>
    public void PrepareGrowth()
    {
        try
        {
            long[] next = Allocate(Volatile.Read(ref _preparedCapacity));
            next.AsSpan().Clear();
            Volatile.Write(ref _prepared, next);
            if (Volatile.Read(ref _next) is not null)
            {
                // It came too late.
                Volatile.Write(ref _prepared, null);
            }
        }
        catch (OutOfMemoryException)
        {
            // Who adds the rows that need the table finds the same out, and can tell somebody.
            Volatile.Write(ref _prepared, null);
        }
    }

    /// <summary>Adds all rows that were not added yet.</summary>
    [SkipLocalsInit]
    public void AddAll()
    {
        Reserve(_count + rows.RowCount - _rowCount);
        Span<ulong> hashes = stackalloc ulong[AddedRunCount];
        Span<long> found = stackalloc long[AddedRunCount];
        while (_rowCount < rows.RowCount)
        {
            int seen = rows.Hash(_rowCount, hashes, found, out int count);
            Prefetch(_entries, hashes[..count]);
            for (int i = 0; i < count; i++)
            {
                Add(hashes[i], found[i]);
            }

            _rowCount += seen;
            if (_count > StartOfGrowth(_entries.Length))
            {
                Grow(seen);
            }
        }
    }

    /// <summary>The entry of a row: never 0, which marks a free place.</summary>
    internal static long EntryOf(ulong hash, long row) =>
        (long)(hash >> TagShift << TagShift) | (row + 1);

    /// <summary>The row number of an entry.</summary>
    internal static long RowOf(long entry) => (entry & RowMask) - 1;

    // Five eighths: beyond that, linear probing walks too far.
    private static long LoadMax(int capacity) => capacity * 5L / 8;

    // Half, of those that are large: the rows until five eighths copy all others.
    private static long StartOfGrowth(int capacity) =>
        capacity < GradualCapacityMin ? long.MaxValue : capacity / 2;

    private static ref long PlaceOf(long[] entries, ulong hash, long entry)
    {
        int mask = entries.Length - 1;
        int at = (int)hash & mask;
        while (entries[at] != 0 && entries[at] != entry)
        {
            at = (at + 1) & mask;
        }

        return ref entries[at];
    }

    // The places are all over the memory: asked for together, their misses overlap.
    private static void Prefetch(long[] entries, ReadOnlySpan<ulong> hashes)
    {
        int mask = entries.Length - 1;
        foreach (ulong hash in hashes)
        {
            CacheLines.Prefetch(ref entries[(int)hash & mask]);
        }
    }

    private static long[] Allocate(int capacity)
    {
        if (capacity < LargeCapacityMin)
        {
            return new long[capacity];
        }

        long[] entries = GC.AllocateArray<long>(capacity, pinned: true);
        LargePages.Prefer<long>(entries);
        return entries;
    }

    private void Add(ulong hash, long row)
    {
        Invariant.Check(row >= 0 && row < RowMask);
        long[] entries = _entries;
        long entry = EntryOf(hash, row);
        int mask = entries.Length - 1;
        int at = (int)hash & mask;
        while (entries[at] != 0)
        {
            long other = RowOf(entries[at]);
            if ((ulong)(entries[at] ^ entry) >> TagShift == 0
                && rows.AreSame(row, other) && rows.TryLink(row, other))
            {
                // The link is there before the entry that leads to it.
                Volatile.Write(ref entries[at], entry);
                return;
            }

            at = (at + 1) & mask;
        }

        Volatile.Write(ref entries[at], entry);
        _count++;
    }

    private void Reserve(long count)
    {
        int capacity = _entries.Length;
        while (LoadMax(capacity) < count)
        {
            capacity = checked(capacity * 2);
        }

        if (capacity > _entries.Length)
        {
            if (_next is null || _next.Length < capacity)
            {
                _next = Allocate(capacity);
                _nextCleared = capacity;
                _nextCount = 0;
                _nextRowCount = 0;
            }

            while (_next is not null)
            {
                GrowOnce();
            }
        }
    }

    // As much of the next table as belongs to some rows that were added.
    private void Grow(int added)
    {
        if (_next is null)
        {
            bool isAwaited = _preparedCapacity == _entries.Length * 2
                && Volatile.Read(ref _prepared) is null;
            if (isAwaited && _count < _entries.Length / 16 * 9)
            {
                return;
            }

            _nextCleared = 0;
            _nextCount = 0;
            _nextRowCount = 0;
            _copyOwed = 0;

            // Of keys that came back often there are more rows than entries.
            long left = Math.Max(1, LoadMax(_entries.Length) - _count);
            _copiedEach = Math.Max(CopiedEachMin, 2 * _rowCount / left);
            Volatile.Write(ref _next, TakeNext());
        }

        for (; added > 0 && _next is not null && _nextCleared < _next.Length; added--)
        {
            _next.AsSpan(
                _nextCleared, Math.Min(ClearedEach, _next.Length - _nextCleared)).Clear();
            _nextCleared += ClearedEach;
        }

        _copyOwed += added * _copiedEach;
        for (; _copyOwed >= AddedRunCount && _next is not null; _copyOwed -= AddedRunCount)
        {
            GrowOnce();
        }
    }

    private long[] TakeNext()
    {
        int capacity = _entries.Length * 2;
        long[]? next = Interlocked.Exchange(ref _prepared, null);
        if (next?.Length == capacity)
        {
            _nextCleared = capacity;
            return next;
        }

        // In small pages: each commit clears a few of them, where one would clear a large one.
        return GC.AllocateUninitializedArray<long>(capacity, pinned: true);
    }

    // In the order of the rows: a row whose key came back finds the entry of the row before it.
    [SkipLocalsInit]
    private void GrowOnce()
    {
        long[] next = _next!;
        if (_nextCleared < next.Length)
        {
            next.AsSpan(_nextCleared).Clear();
            _nextCleared = next.Length;
        }

        if (_nextRowCount < _rowCount)
        {
            // Rows that are there already, but not added yet, are none of these.
            int room = (int)Math.Min(AddedRunCount, _rowCount - _nextRowCount);
            Span<ulong> hashes = stackalloc ulong[AddedRunCount];
            Span<long> found = stackalloc long[AddedRunCount];
            _nextRowCount += rows.Hash(_nextRowCount, hashes[..room], found[..room], out int count);
            Invariant.Check(_nextRowCount <= _rowCount);
            Prefetch(next, hashes[..count]);
            for (int i = 0; i < count; i++)
            {
                long previous = rows.PreviousOf(found[i]);
                ref long place = ref PlaceOf(
                    next, hashes[i], previous < 0 ? 0 : EntryOf(hashes[i], previous));
                _nextCount += place == 0 ? 1 : 0;
                place = EntryOf(hashes[i], found[i]);
            }
        }

        if (_nextRowCount >= _rowCount)
        {
            _count = _nextCount;
            Volatile.Write(ref _entries, next);
            Volatile.Write(ref _next, null);
        }
    }
}
