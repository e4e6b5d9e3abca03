using System.Runtime.CompilerServices;

namespace NeuroDb.Storage;

/// <summary>
/// A hash index from key to the newest row that has it, in a <see cref="KeyTable"/>. It gives
/// candidates; the caller compares the keys, and goes from the newest row of a key to older ones by
/// <see cref="IKeyRows"/>. A key that comes back replaces its entry, so a row that is updated for
/// ever keeps its one entry. Entries are never taken out: an older snapshot may need them. One
/// writer; readers take no lock: an entry is one word, and growth is by copy and swap. A large
/// table is copied bit by bit beside the rows that are added meanwhile, so that no commit waits for
/// all of it.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="isLasting">Whether they stay for long, in a large table.</param>
internal sealed class KeyIndex(IKeyRows rows, bool isLasting = false)
{
    private const int CapacityFirst = 16;
    private const int AddedRunCount = 32;

    // So many places of a table are copied for each row that is added: done within an eighth of the
    // rows that come from the half to five eighths, when it must be.
    private const int CopiedEach = 64;
    private const int GradualCapacityMin = 1 << 13;

    // The memory of a next table of at least this size is made ready by another thread, and waited
    // for as long as the rows until five eighths can copy all others.
    private const int PreparedCapacityMin = 2 * GradualCapacityMin;
    private KeyTable _table = KeyTable.Collected(CapacityFirst);
    private int _count;
    private long _rowCount;
    private KeyTable? _next;
    private int _copiedPlaces;
    private KeyTable? _prepared;
    private int _preparedCapacity;
    private bool _isReleased;

    // Tables that grew, which may still be read.
    private Stack<KeyTable>? _replaced;

    /// <summary>How many entries there are.</summary>
    public int Count => _count;

    /// <summary>The rows below this one have been added, or have nothing to be found by.</summary>
    public long RowCount => _rowCount;

    /// <summary>How many places of tables were copied into larger ones.</summary>
    public long CopiedCount { get; private set; }

    /// <summary>The bytes of the entries.</summary>
    public long SizeBytes =>
        (_table.Capacity + (long)((Volatile.Read(ref _next) ?? Volatile.Read(ref _prepared))
            ?.Capacity ?? 0)) * sizeof(long);

    /// <summary>The newest rows of keys that may have that hash.</summary>
    public KeyProbe Find(ulong hash) => new(Volatile.Read(ref _table), hash);

    /// <summary>Asks for the memory of the place of a key that is about to be added.</summary>
    public void Prefetch(ulong hash) => Volatile.Read(ref _table).Prefetch([hash]);

    /// <summary>
    /// Whether <see cref="PrepareGrowth"/> is to be called now, soon and once: fresh memory comes
    /// slowly, and who adds rows is not to wait for it.
    /// </summary>
    public bool TryBeginPreparing()
    {
        int capacity = _table.Capacity;
        if (_count <= capacity / 16 * 5 || capacity < PreparedCapacityMin / 2
            || capacity == KeyTable.CapacityMax || capacity * 2 == _preparedCapacity
            || _next is not null)
        {
            return false;
        }

        _preparedCapacity = capacity * 2;
        return true;
    }

    /// <summary>Makes the memory of the next table ready; of any thread.</summary>
    public void PrepareGrowth()
    {
        try
        {
            ReplacePrepared(KeyTable.Prepared(Volatile.Read(ref _preparedCapacity)));
            ReleaseIfLate();
        }
        catch (OutOfMemoryException)
        {
            // Who adds the rows that need the table finds the same out, and can tell somebody.
            ReplacePrepared(null);
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
            if (count > 1)
            {
                _table.Prefetch(hashes[..count]);
                _next?.Prefetch(hashes[..count]);
            }

            for (int i = 0; i < count; i++)
            {
                Add(hashes[i], found[i]);
            }

            _rowCount += seen;
            if (_count > StartOfGrowth(_table.Capacity))
            {
                Grow(seen);
            }
        }
    }

    /// <summary>A table that was replaced by a larger one, once; null if there is none.</summary>
    public KeyTable? TakeReplaced() =>
        _replaced?.TryPop(out KeyTable? table) == true ? table : null;

    /// <summary>Gives all tables back: nobody reads them any more.</summary>
    public void Release()
    {
        _table.Release();
        _next?.Release();
        while (TakeReplaced() is { } table)
        {
            table.Release();
        }

        Volatile.Write(ref _isReleased, true);
        ReleaseIfLate();
    }

    /// <summary>
    /// Forgets all rows, of which nobody else knows; false of a large table, which is not worth
    /// clearing.
    /// </summary>
    public bool TryClear()
    {
        if (isLasting || _table.Capacity >= GradualCapacityMin || _next is not null)
        {
            return false;
        }

        _table.Clear();
        _count = 0;
        _rowCount = 0;
        return true;
    }

    // Nobody reads a table that is only prepared.
    private void ReplacePrepared(KeyTable? table) =>
        Interlocked.Exchange(ref _prepared, table)?.Release();

    // Of two threads, one that makes a table ready and one that needs none any more, the later one
    // sees what the other did.
    private void ReleaseIfLate()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isReleased) || Volatile.Read(ref _next) is not null)
        {
            ReplacePrepared(null);
        }
    }

    // Five eighths: beyond that, linear probing walks too far.
    private static long LoadMax(int capacity) => capacity * 5L / 8;

    // Half, of those that are large: the rows until five eighths copy all others.
    private static long StartOfGrowth(int capacity) =>
        capacity is < GradualCapacityMin or KeyTable.CapacityMax ? long.MaxValue : capacity / 2;

    private void Add(ulong hash, long row)
    {
        KeyTable table = _table;
        ref long first = ref table.First;
        int mask = table.Capacity - 1;
        long entry = KeyTable.EntryOf(hash, row);
        int at = table.PlaceOf(entry);
        long there;
        while ((there = Unsafe.Add(ref first, at)) != 0)
        {
            long other = KeyTable.RowOf(there);
            if (KeyTable.MayBeSame(there, entry)
                && rows.AreSame(row, other) && rows.TryLink(row, other))
            {
                break;
            }

            at = (at + 1) & mask;
        }

        // The link is there before the entry that leads to it.
        Volatile.Write(ref Unsafe.Add(ref first, at), entry);
        GC.KeepAlive(table);
        _count += there == 0 ? 1 : 0;
        if (at < _copiedPlaces)
        {
            _next!.Put(entry, there);
        }
    }

    private void Reserve(long count)
    {
        int capacity = _table.Capacity;
        while (LoadMax(capacity) < count)
        {
            Invariant.Check(capacity < KeyTable.CapacityMax, "a table has room for the keys");
            capacity *= 2;
        }

        if (capacity > _table.Capacity)
        {
            if (_next is null || _next.Capacity < capacity)
            {
                _copiedPlaces = 0;
                _next?.Release();
                Volatile.Write(
                    ref _next,
                    isLasting ? KeyTable.Lasting(capacity) : KeyTable.Collected(capacity));
            }

            Copy(_table.Capacity);
        }
    }

    // As much of the table as belongs to some rows that were added.
    private void Grow(int added)
    {
        if (_next is null)
        {
            bool isAwaited = _preparedCapacity == _table.Capacity * 2
                && Volatile.Read(ref _prepared) is null;
            if (isAwaited && _count < _table.Capacity / 16 * 9)
            {
                return;
            }

            Volatile.Write(ref _next, TakeNext());
        }

        Copy(added * CopiedEach);
    }

    private KeyTable TakeNext()
    {
        int capacity = _table.Capacity * 2;
        KeyTable? next = Interlocked.Exchange(ref _prepared, null);
        if (next?.Capacity == capacity)
        {
            return next;
        }

        next?.Release();

        // In small pages: each commit clears a few of them, where one would clear a large one.
        return isLasting ? KeyTable.Lasting(capacity) : KeyTable.Collected(capacity);
    }

    private void Copy(int count)
    {
        count = Math.Min(count, _table.Capacity - _copiedPlaces);
        _table.CopyTo(_next!, _copiedPlaces, count);
        _copiedPlaces += count;
        CopiedCount += count;
        if (_copiedPlaces == _table.Capacity)
        {
            _copiedPlaces = 0;
            if (_table.SizeBytes > 0)
            {
                _replaced ??= new();
                _replaced.Push(_table);
            }

            Volatile.Write(ref _table, _next!);
            Volatile.Write(ref _next, null);
        }
    }
}
