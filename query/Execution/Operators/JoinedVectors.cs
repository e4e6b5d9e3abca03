using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// The vectors of the right side of a join by distance, as numbers in blocks for the kernel that
/// compares many vectors with many. Those whose squares leave single precision are in no block:
/// they are proposed for every left row.
/// </summary>
internal sealed class JoinedVectors
{
    private const double SquaredNormMax = 1e36;
    private const double SquaredNormMin = 1e-30;
    private readonly Metric _metric;
    private readonly ExecutionContext _context;
    private readonly int _dimension;
    private readonly VectorBlock<float>[] _blocks;
    private readonly List<int> _others = [];

    /// <summary>Copies the vectors of a column; NULLs are left out.</summary>
    public JoinedVectors(ColumnBuffer vectors, Metric metric, ExecutionContext context)
    {
        _metric = metric;
        _context = context;
        _dimension = vectors.Type.Length;
        Count = vectors.Count;
        _blocks = new VectorBlock<float>
            [(Count + Limits.ChunkRowCount - 1) / Limits.ChunkRowCount];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _context.ThrowIfCancelled();
            _blocks[i] = BlockOf(vectors, i * Limits.ChunkRowCount);
        }
    }

    /// <summary>How many rows.</summary>
    public int Count { get; }

    /// <summary>
    /// For each of some vectors the rows that may rank up to its bound, in ascending order.
    /// </summary>
    /// <param name="vectors">The column of the vectors.</param>
    /// <param name="first">The row of the first.</param>
    /// <param name="ranks">The bounds; minus infinity for a vector that has no partner.</param>
    public int[][] Within(ColumnBuffer vectors, int first, float[] ranks)
    {
        Memory<float> numbers = AlignedMemory.Allocate<float>(ranks.Length * _dimension);
        var found = new List<int>[ranks.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            found[i] = float.IsNegativeInfinity(ranks[i]) ? [] : [.. _others];
            if (float.IsNegativeInfinity(ranks[i]))
            {
                continue;
            }

            Span<float> query = numbers.Span.Slice(i * _dimension, _dimension);
            VectorConverter.NumbersOf(vectors.GetValue(first + i)).Span.CopyTo(query);
            if (!IsRankable(query))
            {
                query.Clear();
                ranks[i] = float.NegativeInfinity;
                found[i] = [.. Enumerable.Range(0, Count)];
            }
        }

        Scan(new QueryBatch<float>(numbers, ranks.Length, _dimension), ranks, found);
        return [.. found.Select(static rows =>
        {
            rows.Sort();
            return rows.ToArray();
        })];
    }

    // A thread has heaps of its own, which hold all rows of a block.
    private void Scan(QueryBatch<float> queries, float[] ranks, List<int>[] found)
    {
        int lanes = Math.Max(1, Math.Min(_context.Workers.Count, _blocks.Length));
        _context.Workers.ForEach(lanes, lane =>
        {
            TopKHeap[] heaps = [.. ranks.Select(
                static rank => new TopKHeap(Limits.ChunkRowCount, rank))];
            for (int i = lane; i < _blocks.Length; i += lanes)
            {
                _context.ThrowIfCancelled();
                BatchScan.Run(
                    _metric, queries, _blocks[i], 0, _blocks[i].Count, heaps,
                    VectorWidths.Widest);
                for (int query = 0; query < heaps.Length; query++)
                {
                    Take(heaps[query], found[query]);
                }
            }
        });
    }

    private static void Take(TopKHeap heap, List<int> found)
    {
        if (heap.Count > 0)
        {
            lock (found)
            {
                found.AddRange(heap.ToSortedArray().Select(static row => (int)row.Id));
            }

            heap.Clear();
        }
    }

    private VectorBlock<float> BlockOf(ColumnBuffer vectors, int first)
    {
        int count = Math.Min(Limits.ChunkRowCount, Count - first);
        Memory<float> rows = AlignedMemory.Allocate<float>(count * _dimension);
        ulong[] mask = VectorWindows.Full(count);
        for (int i = 0; i < count; i++)
        {
            bool isNull = vectors.IsNull(first + i);
            Span<float> row = rows.Span.Slice(i * _dimension, _dimension);
            if (!isNull)
            {
                VectorConverter.NumbersOf(vectors.GetValue(first + i)).Span.CopyTo(row);
            }

            if (isNull || !IsRankable(row))
            {
                mask[i >> 6] &= ~(1UL << (i & 63));
                if (!isNull)
                {
                    _others.Add(first + i);
                }
            }
        }

        return new VectorBlock<float>(rows, count, _dimension, first, mask);
    }

    private bool IsRankable(ReadOnlySpan<float> vector)
    {
        double norm =
            PairReduction.Compute<float, float, Dot>(vector, vector, VectorWidths.Widest);
        return norm < SquaredNormMax && (_metric != Metric.Cosine || norm > SquaredNormMin);
    }
}
