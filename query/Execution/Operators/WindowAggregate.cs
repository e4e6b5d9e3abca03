using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// An aggregate of the frame of each row. A frame that is the whole partition is computed once; a
/// frame that only grows goes on from the row before; every other is put together from the nodes
/// of a segment tree over all rows (V. Leis et al., Efficient Processing of Window Functions in
/// Analytical SQL Queries, VLDB 2015, section 4.5). O(n log n) merges of states at most.
/// </summary>
internal static class WindowAggregate
{
    private const int CheckedRowCount = 4096;

    /// <summary>One result for each row.</summary>
    public static ColumnBuffer Compute(
        WindowRows rows, AggregateStep step, WindowFrame frame, ExecutionContext context)
    {
        if (frame.IsWhole)
        {
            return OfPartitions(rows, step, context);
        }

        var frames = new WindowFrames(rows, frame, context);
        return frame.IsGrowing
            ? OfGrowing(rows, step, frames, context)
            : OfPieces(rows, step, frames, context);
    }

    private static ColumnBuffer OfPartitions(
        WindowRows rows, AggregateStep step, ExecutionContext context)
    {
        var groups = new int[rows.Count];
        int count = 0;
        for (int row = 0; row < groups.Length; row++)
        {
            count += rows.PartitionStart[row] == row ? 1 : 0;
            groups[row] = count - 1;
        }

        AggregateState state = step.Function.CreateState();
        step.Update(state, rows.Batch, groups, count, context, new ScaledMemo());
        return state.Finish().Gather(groups);
    }

    private static ColumnBuffer OfGrowing(
        WindowRows rows, AggregateStep step, WindowFrames frames, ExecutionContext context)
    {
        AggregateState leaves = Leaves(rows, step, 0, context);
        AggregateState results = step.Function.CreateState();
        results.EnsureGroups(rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            bool isFirst = rows.PartitionStart[row] == row;
            int from = isFirst ? row : frames.End[row - 1];
            Check(row, context);
            if (!isFirst)
            {
                results.Merge(row, results, row - 1);
            }

            for (int added = from; added < frames.End[row]; added++)
            {
                results.Merge(row, leaves, added);
            }
        }

        return results.Finish();
    }

    private static ColumnBuffer OfPieces(
        WindowRows rows, AggregateStep step, WindowFrames frames, ExecutionContext context)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, rows.Count));
        AggregateState tree = Leaves(rows, step, size, context);
        tree.EnsureGroups(2 * size);
        for (int node = size - 1; node > 0; node--)
        {
            Check(node, context);
            tree.Merge(node, tree, 2 * node);
            tree.Merge(node, tree, (2 * node) + 1);
        }

        AggregateState results = step.Function.CreateState();
        results.EnsureGroups(rows.Count);
        Span<(int Start, int End)> pieces = stackalloc (int, int)[FramePieces.CountMax];
        for (int row = 0; row < rows.Count; row++)
        {
            Check(row, context);
            int count = frames.Pieces(row, pieces);
            for (int i = 0; i < count; i++)
            {
                Query(tree, size, pieces[i].Start, pieces[i].End, results, row);
            }
        }

        return results.Finish();
    }

    /// <summary>The state with a group for each row, from a number on.</summary>
    private static AggregateState Leaves(
        WindowRows rows, AggregateStep step, int first, ExecutionContext context)
    {
        AggregateState leaves = step.Function.CreateState();
        int[] groups = [.. Enumerable.Range(first, rows.Count)];
        step.Update(
            leaves, rows.Batch, groups, first + rows.Count, context, new ScaledMemo());
        return leaves;
    }

    /// <summary>
    /// Merges the fewest nodes that cover some rows, from left to right: climbing from both ends,
    /// the left ones come in order and the right ones in reverse.
    /// </summary>
    public static void Query(
        AggregateState tree, int size, int start, int end, AggregateState results, int row)
    {
        Span<int> right = stackalloc int[32];
        int rightCount = 0;
        int low = start + size;
        int high = end + size;
        while (low < high)
        {
            if ((low & 1) != 0)
            {
                results.Merge(row, tree, low++);
            }

            if ((high & 1) != 0)
            {
                right[rightCount++] = --high;
            }

            low >>= 1;
            high >>= 1;
        }

        while (rightCount > 0)
        {
            results.Merge(row, tree, right[--rightCount]);
        }
    }

    private static void Check(int row, ExecutionContext context)
    {
        if (row % CheckedRowCount == 0)
        {
            context.ThrowIfCancelled();
        }
    }
}
