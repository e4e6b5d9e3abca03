using System.Numerics;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The nearest rows of each group of the rows of a table, or the farthest ones, in one pass over
/// the vectors: each row is offered to the heap of its group. Rows without a distance fill groups
/// up. A few rows more than wanted are given, so that what single precision may have put in the
/// wrong order is among them. Where all rows count that are as near as the last one wanted, groups
/// in which the heap cannot hold them are looked through once more.
/// </summary>
/// <param name="plan">The search; without groups all rows are one.</param>
/// <param name="wanted">How many rows of each group.</param>
/// <param name="context">The run.</param>
internal sealed class NearestOfGroups(VectorTopK plan, int wanted, ExecutionContext context)
{
    // What single precision may have lost of a distance.
    private const double Slack = 1e-5;
    private readonly int _sign = plan.Ranking.IsFarthest ? -1 : 1;
    private readonly bool _isWithTies = plan.Ranking.IsWithTies;
    private readonly int _capacity = (int)Math.Min(TopKHeap.CapacityMax, 8 + (9L * wanted / 8));
    private readonly GroupTable _groups = new(
        plan.Groups.Select(static key => key.Expression.Type));

    private int GroupCount => plan.Groups.Length == 0 ? 1 : _groups.Count;

    /// <summary>The rows, in the order of the table.</summary>
    public List<Candidate> Find(CandidateRows rows, Value query)
    {
        int[][] groups = [.. Enumerable.Range(0, rows.Slices.Length).Select(
            i => GroupsOf(rows.Slices[i], RowsOf(rows, i)))];
        int lanes = Math.Max(1, Math.Min(context.Workers.Count, rows.Slices.Length));
        var heaps = new TopKHeap?[lanes][];
        var unranked = new List<long>?[lanes][];
        context.Workers.ForEach(lanes, lane =>
        {
            heaps[lane] = new TopKHeap?[GroupCount];
            unranked[lane] = new List<long>?[GroupCount];
            VectorQuery? numbers = NumbersOf(query);
            for (int i = lane; i < rows.Slices.Length; i += lanes)
            {
                context.ThrowIfCancelled();
                Rank(rows, i, groups[i], query, numbers, heaps[lane], unranked[lane]);
            }
        });
        var tied = new Dictionary<int, double>();
        List<Candidate> found = Merge(heaps, unranked, tied);
        if (tied.Count > 0)
        {
            AddTied(rows, groups, query, tied, found);
        }

        found.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return found;
    }

    private VectorQuery? NumbersOf(Value query)
    {
        if (query.IsNull || !VectorIndexOptions.IsSupported(plan.Metric)
            || !VectorScale.IsOrdinary(plan.Metric, query))
        {
            return null;
        }

        var numbers = new VectorQuery();
        numbers.Set(plan.Metric, VectorConverter.NumbersOf(query).Span);
        return numbers;
    }

    private static int[] RowsOf(CandidateRows rows, int slice)
    {
        int count = rows.Slices[slice].Count;
        ulong[] mask = rows.Masks[slice].Length == 0
            ? VectorWindows.Full(count)
            : rows.Masks[slice];
        var found = new List<int>();
        for (int word = 0; word < mask.Length; word++)
        {
            for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
            {
                found.Add((word << 6) + BitOperations.TrailingZeroCount(bits));
            }
        }

        return [.. found];
    }

    private int[] GroupsOf(TableSlice slice, int[] rows)
    {
        context.ThrowIfCancelled();
        if (rows.Length == 0)
        {
            return [];
        }

        ColumnBuffer[] keys = [.. plan.Groups.Select(key => key.Expression.Evaluate(
            new RowBatch(
                [.. key.Ordinals.Select(ordinal => slice.Column(ordinal).Gather(rows))],
                rows.Length),
            context))];
        var groups = new int[rows.Length];
        if (keys.Length > 0)
        {
            _groups.FindOrAdd(keys, rows.Length, groups);
        }

        return groups;
    }

    private void Rank(
        CandidateRows rows,
        int slice,
        int[] groups,
        Value query,
        VectorQuery? numbers,
        TopKHeap?[] heaps,
        List<long>?[] unranked)
    {
        if (groups.Length == 0)
        {
            return;
        }

        VectorColumnStore store = rows.Slices[slice].VectorsOf(plan.Ranking.VectorOrdinal)!;
        int[] ordinals = RowsOf(rows, slice);
        long first = (long)slice * Limits.ChunkRowCount;
        for (int i = 0; i < ordinals.Length; i++)
        {
            int row = ordinals[i];
            double rank = RankOf(store, row, query, numbers);
            if (!double.IsNaN(rank))
            {
                (heaps[groups[i]] ??= new TopKHeap(_capacity)).TryAdd(
                    new Candidate(rank, first + row));
            }
            else if ((unranked[groups[i]] ??= []).Count < wanted || _isWithTies)
            {
                unranked[groups[i]]!.Add(first + row);
            }
        }

        rows.Slices[slice].Release();
    }

    // Lower is wanted first. What is too large or too small for single precision has its rank in
    // double precision.
    private double RankOf(
        VectorColumnStore store, int row, Value query, VectorQuery? numbers)
    {
        if (query.IsNull || store.IsNull(row))
        {
            return double.NaN;
        }

        if (numbers is not null && store is FloatVectorStore floats
            && numbers.Rank(floats.RowAt(row)) is var rank
            && !VectorScale.IsLost(Ranks.ToDistance(plan.Metric, rank), double.MaxValue))
        {
            return _sign * rank;
        }

        double distance = VectorPair.Distance(plan.Metric, store.ValueAt(row), query);
        return _sign * (plan.Metric == Metric.L2 ? distance * distance : distance);
    }

    // The rank up to which rows may be as near as one, or as far.
    private double Widened(double rank)
    {
        if (!double.IsFinite(rank))
        {
            return rank;
        }

        double distance = Ranks.ToDistance(plan.Metric, _sign * rank);
        double widened = distance + (_sign * Slack * (Math.Abs(distance) + 1));
        return _sign * (plan.Metric == Metric.L2
            ? widened * Math.Max(0, widened)
            : widened);
    }

    // Heaps do not hold all rows that may be wanted.
    private double LastOf(Candidate[] ranked) => wanted > ranked.Length
        ? double.PositiveInfinity
        : Widened(ranked[wanted - 1].Distance);

    private void AddTied(
        CandidateRows rows,
        int[][] groups,
        Value query,
        Dictionary<int, double> tied,
        List<Candidate> found)
    {
        VectorQuery? numbers = NumbersOf(query);
        for (int slice = 0; slice < rows.Slices.Length; slice++)
        {
            context.ThrowIfCancelled();
            if (groups[slice].Length == 0)
            {
                continue;
            }

            VectorColumnStore store =
                rows.Slices[slice].VectorsOf(plan.Ranking.VectorOrdinal)!;
            int[] ordinals = RowsOf(rows, slice);
            for (int i = 0; i < ordinals.Length; i++)
            {
                if (tied.TryGetValue(groups[slice][i], out double last)
                    && RankOf(store, ordinals[i], query, numbers) is var rank && rank <= last)
                {
                    found.Add(new Candidate(
                        rank, ((long)slice * Limits.ChunkRowCount) + ordinals[i]));
                }
            }

            rows.Slices[slice].Release();
        }
    }

    // Groups of which not all rows wanted are known get the rank of the last one.
    private List<Candidate> Merge(
        TopKHeap?[][] heaps, List<long>?[][] unranked, Dictionary<int, double> tied)
    {
        var found = new List<Candidate>();
        for (int group = 0; group < GroupCount; group++)
        {
            var best = new TopKHeap(_capacity);
            foreach (TopKHeap?[] lane in heaps)
            {
                if (lane[group] is { } heap)
                {
                    best.MergeFrom(heap);
                }
            }

            Candidate[] ranked = best.ToSortedArray();
            if ((_isWithTies || wanted > _capacity) && ranked.Length == _capacity
                && LastOf(ranked) is var last && ranked[^1].Distance <= last)
            {
                tied.Add(group, last);
                continue;
            }

            int missing = Math.Max(0, wanted - ranked.Length);
            found.AddRange(ranked);
            found.AddRange(unranked
                .SelectMany(lane => lane[group] ?? [])
                .Order()
                .Take(_isWithTies && missing > 0 ? int.MaxValue : missing)
                .Select(static id => new Candidate(double.NaN, id)));
        }

        return found;
    }
}
