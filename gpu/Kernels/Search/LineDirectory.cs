using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Finds the last of some sorted keys that is below another one: nodes of sixteen keys, two lines
/// of the cache, over the first keys of the nodes below, up to a top of at most 64 (J. Rao and
/// K. Ross, "Cache Conscious Indexing for Decision-Support in Main Memory", VLDB 1999). The keys
/// themselves are the lowest level. Flat, and never changed.
/// </summary>
/// <remarks>
/// Shapes: keys (n), entries: the levels from the top down, each filled up to whole nodes with
/// greatest keys, which are below nothing. A search costs O(log16 n).
/// </remarks>
internal sealed class LineDirectory
{
    /// <summary>The keys of a node.</summary>
    public const int NodeKeyCount = 16;

    private const int TopKeyCountMax = 64;

    // Smaller ones lie in few lines of the cache wherever they begin, and many live shortly.
    private const int AlignedCountMin = 1024;
    private const int NativeCountMin = 128;
    private readonly ulong[] _entries;
    private readonly int[] _starts;
    private readonly int _leafKeyCount;

    // Where the entries of one that is released lie instead.
    private readonly NativeArray<ulong>? _memory;

    /// <summary>Takes keys, ascending.</summary>
    public LineDirectory(ReadOnlySpan<ulong> keys)
        : this(keys, 1, isReleased: false)
    {
    }

    /// <summary>Takes every so manieth key, the first included.</summary>
    /// <param name="all">Keys, ascending.</param>
    /// <param name="stride">How far apart the keys stand that are taken.</param>
    /// <param name="isReleased">
    /// Whether <see cref="Release"/> is called, so that no collection is needed.
    /// </param>
    public LineDirectory(ReadOnlySpan<ulong> all, int stride, bool isReleased)
    {
        Count = (all.Length + stride - 1) / stride;
        var counts = new List<int> { Count };
        while (counts[^1] > TopKeyCountMax)
        {
            counts.Add((counts[^1] + NodeKeyCount - 1) / NodeKeyCount);
        }

        TopKeyCount = WholeNodes(Math.Max(1, counts[^1]));
        _leafKeyCount = counts.Count == 1 ? TopKeyCount : NodeKeyCount;
        _starts = new int[counts.Count];
        int length = 0;
        for (int level = counts.Count - 1; level >= 0; level--)
        {
            _starts[level] = length;
            length += WholeNodes(Math.Max(1, counts[level]));
        }

        int start = 0;
        if (isReleased && length >= NativeCountMin)
        {
            _entries = [];
            _memory = new NativeArray<ulong>(length, NativeRegion.InSmallPages);
        }
        else
        {
            _entries = Allocate(length, out start);
        }

        Span<ulong> entries = _memory is null ? _entries : _memory.Span;
        entries.Fill(ulong.MaxValue);
        for (int level = 0; level < counts.Count; level++)
        {
            _starts[level] += start;
            for (int i = 0; i < counts[level]; i++)
            {
                entries[_starts[level] + i] = level == 0
                    ? all[i * stride]
                    : entries[_starts[level - 1] + (i * NodeKeyCount)];
            }
        }
    }

    /// <summary>How many keys there are.</summary>
    public int Count { get; }

    /// <summary>The keys.</summary>
    public ReadOnlySpan<ulong> Keys =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref First, _starts[0]), Count);

    /// <summary>
    /// The levels, one behind the other; of one that is not released.
    /// </summary>
    public ulong[] Entries => _entries;

    /// <summary>Where each level begins, the lowest first.</summary>
    public int[] LevelStarts => _starts;

    /// <summary>The keys of the top, filled up.</summary>
    public int TopKeyCount { get; }

    /// <summary>The bytes in memory.</summary>
    public long SizeBytes => ((long)_entries.Length * sizeof(ulong)) + (_memory?.SizeBytes ?? 0)
        + ((long)_starts.Length * sizeof(int));

    /// <summary>Gives memory back that the collector does not see; nobody searches any more.
    /// </summary>
    public void Release() => _memory?.Release();

    /// <summary>Above which keys are those that are not above one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BoundOf(ulong key) => key + (key == ulong.MaxValue ? 0UL : 1UL);

    /// <summary>The last key that is below a bound; 0 if none is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LastBelow(ulong bound) => LastBelow(NodeOf(bound), bound);

    /// <summary>The first key of the lowest node in which the last key below a bound lies.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NodeOf(ulong bound)
    {
        ref ulong entries = ref First;
        int[] starts = _starts;
        int level = starts.Length - 1;
        int node = level == 0
            ? 0
            : Last(ref Unsafe.Add(ref entries, starts[level]), TopKeyCount, bound) * NodeKeyCount;
        while (--level > 0)
        {
            node = (node + Last(ref Unsafe.Add(ref entries, starts[level] + node), bound))
                * NodeKeyCount;
        }

        return node;
    }

    /// <summary>The last key below a bound, in the node of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LastBelow(int node, ulong bound)
    {
        ref ulong keys = ref Unsafe.Add(ref First, _starts[0] + node);
        return node + (_leafKeyCount == NodeKeyCount
            ? Last(ref keys, bound)
            : Last(ref keys, _leafKeyCount, bound));
    }

    /// <summary>
    /// For each of some keys the last one of these that is not above it: level by level for all of
    /// them, so that what one waits for the others use; asks for what lies beside the keys.
    /// </summary>
    /// <param name="sought">The keys.</param>
    /// <param name="places">The results.</param>
    /// <param name="beside">As many entries as there are keys, of which one is read next.</param>
    public void LastNotAbove<T>(ReadOnlySpan<ulong> sought, Span<int> places, T[] beside)
        where T : unmanaged
    {
        Descend(sought, places, 1);
        ref T other = ref MemoryMarshal.GetArrayDataReference(beside);
        for (int i = 0; i < sought.Length; i++)
        {
            CacheLines.Prefetch(ref Unsafe.Add(ref other, places[i]));
        }
    }

    /// <summary>For each of some bounds the last key that is below it; 0 if none is.</summary>
    public void LastBelow(ReadOnlySpan<ulong> bounds, Span<int> places) =>
        Descend(bounds, places, 0);

    // What is added to the keys that are sought makes bounds of them.
    private void Descend(ReadOnlySpan<ulong> sought, Span<int> places, ulong step)
    {
        ulong most = ulong.MaxValue - step;
        int level = _starts.Length - 1;
        ref ulong first = ref First;
        ref ulong top = ref Unsafe.Add(ref first, _starts[level]);
        int count = TopKeyCount;
        for (int i = 0; i < sought.Length; i++)
        {
            places[i] = Last(ref top, count, Math.Min(sought[i], most) + step);
        }

        if (level == 0)
        {
            return;
        }

        Ask(level - 1, places[..sought.Length]);
        while (--level > 0)
        {
            ref ulong entries = ref Unsafe.Add(ref first, _starts[level]);
            ref ulong next = ref Unsafe.Add(ref first, _starts[level - 1]);
            for (int i = 0; i < sought.Length; i++)
            {
                int at = places[i] * NodeKeyCount;
                at += Last(ref Unsafe.Add(ref entries, at), Math.Min(sought[i], most) + step);
                places[i] = at;
                Ask(ref Unsafe.Add(ref next, at * NodeKeyCount));
            }
        }

        ref ulong keys = ref Unsafe.Add(ref first, _starts[0]);
        for (int i = 0; i < sought.Length; i++)
        {
            int at = places[i] * NodeKeyCount;
            places[i] =
                at + Last(ref Unsafe.Add(ref keys, at), Math.Min(sought[i], most) + step);
        }
    }

    private ref ulong First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _memory is null
            ? ref MemoryMarshal.GetArrayDataReference(_entries)
            : ref _memory.First;
    }

    private static int WholeNodes(int keys) => (keys + NodeKeyCount - 1) & -NodeKeyCount;

    private void Ask(int level, ReadOnlySpan<int> nodes)
    {
        ref ulong entries = ref Unsafe.Add(ref First, _starts[level]);
        foreach (int node in nodes)
        {
            Ask(ref Unsafe.Add(ref entries, node * NodeKeyCount));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(ref ulong node)
    {
        CacheLines.Prefetch(ref node);
        CacheLines.Prefetch(ref Unsafe.Add(ref node, CacheLines.KeyCount));
    }

    // All but the first are counted, so that nothing is left to clamp: a branch on whether the
    // first one is the last would be foreseen badly where keys are sought unequally often.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Last(ref ulong keys, int count, ulong bound)
    {
        int last = SortedCount.Below(ref keys, count, bound) - 1;
        return last & ~(last >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Last(ref ulong node, ulong bound)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            return Last(ref node, NodeKeyCount, bound);
        }

        Vector512<ulong> sought = Vector512.Create(bound);
        ulong low = Vector512.LessThan(Vector512.LoadUnsafe(ref node), sought)
            .ExtractMostSignificantBits();
        ulong high = Vector512.LessThan(
            Vector512.LoadUnsafe(ref node, (nuint)Vector512<ulong>.Count), sought)
            .ExtractMostSignificantBits();
        return BitOperations.PopCount((low & ~1UL) | (high << Vector512<ulong>.Count));
    }

    // The first entry of a large one begins at a line of the cache.
    private static unsafe ulong[] Allocate(int length, out int first)
    {
        first = 0;
        if (length < AlignedCountMin)
        {
            return new ulong[length];
        }

        ulong[] entries = GC.AllocateUninitializedArray<ulong>(
            length + CacheLines.KeyCount, pinned: true);
        LargePages.Prefer<ulong>(entries);
        nuint word = (nuint)Unsafe.AsPointer(ref entries[0]) / sizeof(ulong);
        first = (int)((0 - word) % CacheLines.KeyCount);
        return entries;
    }
}
