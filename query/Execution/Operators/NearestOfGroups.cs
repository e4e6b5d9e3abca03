using System.Numerics;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The nearest rows of each group of the rows of a table, in one pass over the vectors: each row is
/// offered to the heap of its group. Rows without a distance fill groups up. A few rows more than
/// wanted are given, so that what single precision may have put in the wrong order is among them.
/// </summary>
/// <param name="plan">The search; its groups are not empty.</param>
/// <param name="wanted">How many rows of each group.</param>
/// <param name="context">The run.</param>
internal sealed class NearestOfGroups(VectorTopK plan, int wanted, ExecutionContext context)
{
    private readonly int _capacity = (int)Math.Min(TopKHeap.CapacityMax, 8 + (9L * wanted / 8));
    private readonly GroupTable _groups = new(
        plan.Groups.Select(static key => key.Expression.Type));

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
            heaps[lane] = new TopKHeap?[_groups.Count];
            unranked[lane] = new List<long>?[_groups.Count];
            var numbers = new VectorQuery();
            bool isFast = !query.IsNull && VectorIndexOptions.IsSupported(plan.Metric);
            if (isFast)
            {
                numbers.Set(plan.Metric, VectorConverter.NumbersOf(query).Span);
            }

            for (int i = lane; i < rows.Slices.Length; i += lanes)
            {
                context.ThrowIfCancelled();
                Rank(rows, i, groups[i], query, isFast ? numbers : null,
                    heaps[lane], unranked[lane]);
            }
        });
        return Merge(heaps, unranked);
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
        _groups.FindOrAdd(keys, rows.Length, groups);
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
            float rank = query.IsNull || store.IsNull(row) ? float.NaN
                : numbers is not null && store is FloatVectorStore floats
                    ? numbers.Rank(floats.RowAt(row))
                    : (float)VectorPair.Distance(plan.Metric, store.ValueAt(row), query);
            if (!float.IsNaN(rank))
            {
                (heaps[groups[i]] ??= new TopKHeap(_capacity)).TryAdd(rank, first + row);
            }
            else if ((unranked[groups[i]] ??= []).Count < wanted)
            {
                unranked[groups[i]]!.Add(first + row);
            }
        }

        rows.Slices[slice].Release();
    }

    private List<Candidate> Merge(TopKHeap?[][] heaps, List<long>?[][] unranked)
    {
        var found = new List<Candidate>();
        for (int group = 0; group < _groups.Count; group++)
        {
            var best = new TopKHeap(_capacity);
            foreach (TopKHeap?[] lane in heaps)
            {
                if (lane[group] is { } heap)
                {
                    best.MergeFrom(heap);
                }
            }

            found.AddRange(best.ToSortedArray());
            found.AddRange(unranked
                .SelectMany(lane => lane[group] ?? [])
                .Order()
                .Take(Math.Max(0, wanted - best.Count))
                .Select(static id => new Candidate(double.NaN, id)));
        }

        found.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return found;
    }
}
