using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// An aggregate of any frame over rows on disk: a segment tree of two floors. The lower floor, a
/// tree over the rows of a block, is made again when it is needed; of the upper one, a tree over
/// all blocks, all nodes are in memory.
/// </summary>
internal sealed class StoredFrameAggregate(
    StoredWindowRows rows, AggregateStep step, WindowFrame frame, ExecutionContext context)
    : StoredWindowColumn
{
    private const int CheckedRowCount = 256;

    private readonly StoredFrames _frames = new(rows, frame, context);
    private readonly StoredLeaves _trees = new(rows, step, isTree: true, context);
    private AggregateState? _blocks;
    private int _blocksSize;

    /// <inheritdoc/>
    public override ColumnBuffer Compute(long first, RowBatch batch)
    {
        AggregateState results = step.Function.CreateState();
        results.Execution = context;
        results.EnsureGroups(batch.Count);
        Span<(long Start, long End)> pieces =
            stackalloc (long, long)[FramePieces.CountMax];
        for (int i = 0; i < batch.Count; i++)
        {
            if (i % CheckedRowCount == 0)
            {
                context.ThrowIfCancelled();
            }

            int count = _frames.Pieces(first + i, pieces);
            for (int piece = 0; piece < count; piece++)
            {
                Take(pieces[piece].Start, pieces[piece].End, results, i);
            }
        }

        return results.Finish();
    }

    private void Take(long start, long end, AggregateState results, int row)
    {
        int firstBlock = StoredRows.BlockOf(start);
        int lastBlock = StoredRows.BlockOf(end - 1);
        int place = StoredRows.PlaceOf(start);
        int behind = StoredRows.PlaceOf(end - 1) + 1;
        if (firstBlock == lastBlock)
        {
            Query(_trees.Block(firstBlock), place, behind, results, row);
            return;
        }

        Query(_trees.Block(firstBlock), place, StoredLeaves.Size, results, row);
        if (firstBlock + 1 < lastBlock)
        {
            AggregateState blocks = _blocks ??= MakeBlocks();
            WindowAggregate.Query(
                blocks, _blocksSize, firstBlock + 1, lastBlock, results, row);
        }

        Query(_trees.Block(lastBlock), 0, behind, results, row);
    }

    private static void Query(
        AggregateState tree, int start, int end, AggregateState results, int row) =>
        WindowAggregate.Query(tree, StoredLeaves.Size, start, end, results, row);

    private AggregateState MakeBlocks()
    {
        int count = rows.Stored.BlockCount;
        _blocksSize = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        AggregateState tree = step.Function.CreateState();
        for (int block = 0; block < count; block++)
        {
            context.ThrowIfCancelled();
            RowBatch batch = rows.Stored.Block(block);
            var groups = new int[batch.Count];
            groups.AsSpan().Fill(_blocksSize + block);
            step.Update(
                tree, batch, groups, _blocksSize + block + 1, context, new ScaledMemo());
        }

        tree.EnsureGroups(2 * _blocksSize);
        for (int node = _blocksSize - 1; node > 0; node--)
        {
            tree.Merge(node, tree, 2 * node);
            tree.Merge(node, tree, (2 * node) + 1);
        }

        return tree;
    }
}
