using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a change, as many at a time as fit memory: the plan reads the table as it was
/// before the statement, so the rows need not be known all at once.
/// </summary>
internal static class ChangePieces
{
    private const long PieceSizeBytes = 16L << 20;

    /// <summary>Whether a plan may give so many rows that pieces of them are worth it.</summary>
    public static bool MayBeMany(PlanNode plan)
    {
        PlanNode node = plan;
        while (node.Children.Count == 1)
        {
            node = node.Children[0];
        }

        return node is not (AssignedRows or ValuesRows or KeyLookup);
    }

    /// <summary>The pieces; each is to be stored before the next one is asked for.</summary>
    public static IEnumerable<RowBatch> Read(
        PlanNode plan, TableEntry table, ExecutionContext context)
    {
        using BatchCursor cursor = plan.Open(context.ForParts([table]));
        long sizeMax = Math.Min(PieceSizeBytes, context.OperatorMemoryBytes);
        while (BatchJoiner.ReadSome(cursor, sizeMax, context) is { } piece)
        {
            yield return piece;
        }
    }
}
