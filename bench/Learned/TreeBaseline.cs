using System.Runtime.CompilerServices;
using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// The bar for the learned index: a B+tree over 64-bit keys, loaded full, with leaves of 256 keys
/// and as many values beside them, and inner nodes of 64 keys, all aligned to cache lines. A node
/// is searched by SIMD: in an inner node all keys are compared at once; in a leaf first sixteen
/// keys that are sixteen apart, whose misses overlap, then the sixteen keys of two lines. Equal
/// keys are in adjacent places; a get gives the value of the first.
/// </summary>
internal sealed class TreeBaseline
{
    private const int LeafKeyCount = 256;
    private const int LeafStep = 16;
    private const int FanOut = 64;

    // Of 32, 64 and 128 the one that is fastest here.
    private const int GroupCount = 32;
    private readonly PinnedArray<ulong> _keys;
    private readonly PinnedArray<long> _values;
    private readonly PinnedArray<ulong>[] _levels;

    /// <summary>Loads sorted keys, whose values are their places.</summary>
    public TreeBaseline(ReadOnlySpan<ulong> keys)
    {
        int leaves = (keys.Length + LeafKeyCount - 1) / LeafKeyCount;
        _keys = new PinnedArray<ulong>(leaves * LeafKeyCount);
        _values = new PinnedArray<long>(leaves * LeafKeyCount);
        _keys.Span.Fill(ulong.MaxValue);
        keys.CopyTo(_keys.Span);
        for (int i = 0; i < keys.Length; i++)
        {
            _values[i] = i;
        }

        var levels = new List<PinnedArray<ulong>>();
        var first = new ulong[leaves];
        for (int i = 0; i < leaves; i++)
        {
            first[i] = keys[i * LeafKeyCount];
        }

        while (first.Length > 1 || levels.Count == 0)
        {
            int nodes = (first.Length + FanOut - 1) / FanOut;
            PinnedArray<ulong> level = new PinnedArray<ulong>(nodes * FanOut);
            level.Span.Fill(ulong.MaxValue);
            first.CopyTo(level.Span);
            levels.Add(level);
            first = [.. Enumerable.Range(0, nodes).Select(i => level[i * FanOut])];
        }

        _levels = [.. levels];
        _levels.AsSpan().Reverse();
        LeafCount = leaves;
        SizeBytes = (16L * LeafKeyCount * leaves) + _levels.Sum(level => 8L * level.Length);
    }

    /// <summary>The leaves.</summary>
    public int LeafCount { get; }

    /// <summary>The bytes of all nodes, keys and values included.</summary>
    public long SizeBytes { get; }

    /// <summary>The value of a key, or -1.</summary>
    public long Get(ulong key)
    {
        int node = 0;
        foreach (PinnedArray<ulong> level in _levels)
        {
            node = Child(level, node, key);
        }

        return InLeaf(node, key);
    }

    /// <summary>
    /// The values of many keys: all of a group go down together, a level at a time.
    /// </summary>
    public void Get(ReadOnlySpan<ulong> keys, Span<long> values)
    {
        Span<int> nodes = stackalloc int[GroupCount];
        while (!keys.IsEmpty)
        {
            int count = Math.Min(keys.Length, nodes.Length);
            nodes[..count].Clear();
            for (int level = 0; level < _levels.Length; level++)
            {
                bool isLast = level + 1 == _levels.Length;
                PinnedArray<ulong> next = isLast ? _keys : _levels[level + 1];
                int size = isLast ? LeafKeyCount : FanOut;
                int step = isLast ? LeafStep : CacheLines.KeyCount;
                for (int i = 0; i < count; i++)
                {
                    nodes[i] = Child(_levels[level], nodes[i], keys[i]);
                    for (int line = 0; line < size; line += step)
                    {
                        CacheLines.Prefetch(ref next[(nodes[i] * size) + line]);
                    }
                }
            }

            Finish(keys[..count], nodes, values);
            keys = keys[count..];
            values = values[count..];
        }
    }

    // The lines of the leaves that hold the answers, and those of the values, overlap too.
    private void Finish(ReadOnlySpan<ulong> keys, Span<int> nodes, Span<long> values)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            nodes[i] = (nodes[i] * LeafKeyCount) + BlockOf(nodes[i], keys[i]);
            CacheLines.Prefetch(ref _keys[nodes[i]]);
            CacheLines.Prefetch(ref _keys[nodes[i] + CacheLines.KeyCount]);
            CacheLines.Prefetch(ref _values[nodes[i]]);
            CacheLines.Prefetch(ref _values[nodes[i] + CacheLines.KeyCount]);
        }

        for (int i = 0; i < keys.Length; i++)
        {
            values[i] = InBlock(nodes[i], keys[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Child(PinnedArray<ulong> level, int node, ulong key)
    {
        ref ulong keys = ref level[node * FanOut];

        // Below, not "not above": of equal keys over several leaves the first is wanted.
        return (node * FanOut) + LastOf(SortedCount.Below(ref keys, FanOut, key));
    }

    private int BlockOf(int leaf, ulong key)
    {
        ref ulong keys = ref _keys[leaf * LeafKeyCount];
        int below = 0;
        for (int i = 0; i < LeafKeyCount; i += LeafStep)
        {
            below += Unsafe.Add(ref keys, i) < key ? 1 : 0;
        }

        return LastOf(below) * LeafStep;
    }

    // The last of those below, or the first of all, without a branch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LastOf(int below) => (below - 1) & ~((below - 1) >> 31);

    // The lines of the values are asked for with those of the keys.
    private long InLeaf(int leaf, ulong key)
    {
        int start = (leaf * LeafKeyCount) + BlockOf(leaf, key);
        CacheLines.Prefetch(ref _values[start]);
        CacheLines.Prefetch(ref _values[start + CacheLines.KeyCount]);
        return InBlock(start, key);
    }

    private long InBlock(int start, ulong key)
    {
        int place = start + SortedCount.Below(ref _keys[start], LeafStep, key);
        return place < _keys.Length && _keys[place] == key ? _values[place] : -1;
    }
}
