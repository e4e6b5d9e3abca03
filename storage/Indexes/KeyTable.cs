using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The places of a <see cref="KeyIndex"/>, a power of two: open addressing with linear probing over
/// words of 30 bits of the hash and a 34-bit row number, counted from 1; 0 is a free place. So an
/// entry says where it belongs in a table of any size, without a look at its row.
/// </summary>
internal sealed class KeyTable : INativeMemory
{
    /// <summary>Row numbers are below this one.</summary>
    public const long RowLimit = RowMask;

    /// <summary>The most places that there may be.</summary>
    public const int CapacityMax = 1 << 30;

    private const int RowBits = 34;
    private const long RowMask = (1L << RowBits) - 1;

    // Tables that stay and that a collection would have to be paid for.
    private const int NativeCapacityMin = 1 << 13;
    private readonly long[]? _array;
    private readonly NativeArray<long>? _memory;

    private KeyTable(int capacity, NativeRegion? region)
    {
        Capacity = capacity;
        if (region is null || capacity < NativeCapacityMin)
        {
            _array = new long[capacity];
        }
        else
        {
            _memory = new NativeArray<long>(capacity, region);
        }
    }

    /// <summary>How many places there are.</summary>
    public int Capacity { get; }

    /// <inheritdoc/>
    public long SizeBytes => _memory?.SizeBytes ?? 0;

    /// <summary>The first place; who uses it keeps the table until he is done.</summary>
    public ref long First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _array is null
            ? ref _memory!.First
            : ref MemoryMarshal.GetArrayDataReference(_array);
    }

    /// <summary>An empty table that the collector owns.</summary>
    public static KeyTable Collected(int capacity) => new(capacity, null);

    /// <summary>An empty table for rows that stay, whose memory others wait for.</summary>
    public static KeyTable Lasting(int capacity) => new(capacity, NativeRegion.InSmallPages);

    /// <summary>An empty table for rows that stay; all of its memory is found at once.</summary>
    public static KeyTable Prepared(int capacity)
    {
        var table = new KeyTable(capacity, NativeRegion.InLargePages);
        table._memory?.Touch();
        return table;
    }

    /// <summary>The entry of a row.</summary>
    public static long EntryOf(ulong hash, long row)
    {
        Invariant.Check(row >= 0 && row < RowLimit);
        return (long)(hash << RowBits) | (row + 1);
    }

    /// <summary>The row number of an entry.</summary>
    public static long RowOf(long entry) => (entry & RowMask) - 1;

    /// <summary>Whether two entries may be of one key.</summary>
    public static bool MayBeSame(long entry, long other) => (ulong)(entry ^ other) >> RowBits == 0;

    /// <summary>The place in which the search for an entry begins.</summary>
    public int PlaceOf(long entry) => (int)((ulong)entry >> RowBits) & (Capacity - 1);

    /// <summary>
    /// Asks for the memory of the places of hashes: they are all over it, and asked for together
    /// their misses overlap.
    /// </summary>
    public void Prefetch(ReadOnlySpan<ulong> hashes)
    {
        ref long first = ref First;
        int mask = Capacity - 1;
        foreach (ulong hash in hashes)
        {
            CacheLines.Prefetch(ref Unsafe.Add(ref first, (int)hash & mask));
        }

        GC.KeepAlive(this);
    }

    /// <summary>Takes all entries out; of a table that the collector owns.</summary>
    public void Clear()
    {
        Invariant.Check(_array is not null);
        _array.AsSpan().Clear();
    }

    /// <summary>Puts an entry into the place of another one, or into a free one for 0.</summary>
    public void Put(long entry, long replaced)
    {
        ref long first = ref First;
        int mask = Capacity - 1;
        int at = PlaceOf(entry);
        long there;
        while ((there = Unsafe.Add(ref first, at)) != replaced)
        {
            Invariant.Check(there != 0);
            at = (at + 1) & mask;
        }

        Unsafe.Add(ref first, at) = entry;
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Puts the entries of some places into another table, which nobody reads yet: those that
    /// follow each other belong near each other there, too.
    /// </summary>
    public void CopyTo(KeyTable target, int start, int count)
    {
        ref long from = ref First;
        ref long to = ref target.First;
        int mask = target.Capacity - 1;
        for (int i = start; i < start + count; i++)
        {
            long entry = Unsafe.Add(ref from, i);
            if (entry != 0)
            {
                int at = (int)((ulong)entry >> RowBits) & mask;
                while (Unsafe.Add(ref to, at) != 0)
                {
                    at = (at + 1) & mask;
                }

                Unsafe.Add(ref to, at) = entry;
            }
        }

        GC.KeepAlive(target);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Release() => _memory?.Release();
}
