namespace NeuroDb.Query;

/// <summary>
/// The state of an aggregate for each row of a block on disk, and, where asked for, for each node
/// of a segment tree over the block: node 1 is all rows, the rows are the last nodes.
/// </summary>
internal sealed class StoredLeaves(
    StoredWindowRows rows, AggregateStep step, bool isTree, ExecutionContext context)
{
    /// <summary>The rows of a full block, a power of two.</summary>
    public const int Size = Limits.BatchRowCount;

    private readonly RecentBlocks<AggregateState> _recent = new();

    /// <summary>The node of the first row.</summary>
    public int First => isTree ? Size : 0;

    /// <summary>The states of a block.</summary>
    public AggregateState Block(int block) => _recent.Get(block, Make);

    private AggregateState Make(int number)
    {
        RowBatch batch = rows.Stored.Block(number);
        AggregateState leaves = step.Function.CreateState();
        int[] groups = [.. Enumerable.Range(First, batch.Count)];
        step.Update(leaves, batch, groups, First + batch.Count, context, new ScaledMemo());
        if (isTree)
        {
            context.ThrowIfCancelled();
            leaves.EnsureGroups(2 * Size);
            for (int node = Size - 1; node > 0; node--)
            {
                leaves.Merge(node, leaves, 2 * node);
                leaves.Merge(node, leaves, (2 * node) + 1);
            }
        }

        return leaves;
    }
}
