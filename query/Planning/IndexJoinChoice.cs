using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Chooses a join by batched lookups where one side is a table with an index or a key over the
/// columns that are joined, so large that reading it costs more than looking the rows of the other
/// side up in it.
/// </summary>
internal sealed class IndexJoinChoice(Planner planner, OperatorChoice operators)
{
    // Looking a row up costs as much as passing over this many.
    private const double LookupCostOverScan = 128;

    // Fetching a row that was found costs as much as passing over this many.
    private const double FetchCostOverScan = 24;

    // How much more the lookups may cost at the worst than reading the table.
    private const double RegretMax = 4;

    /// <summary>The join by lookups; null if it is not possible or not worth it.</summary>
    public PlanNode? Choose(LogicalJoin join, RowEstimate rows)
    {
        PlanNode? found = join.Kind is JoinKind.Inner or JoinKind.Cross or JoinKind.Left
                or JoinKind.Semi or JoinKind.Anti
            ? Choose(join, join.Left, join.Right, rows)
            : null;
        return found is null && join.Kind is JoinKind.Inner or JoinKind.Cross
            ? Choose(join, join.Right, join.Left, rows)
            : found;
    }

    private IndexJoin? Choose(
        LogicalJoin join, LogicalNode leftNode, LogicalNode rightNode, RowEstimate rows)
    {
        if (!JoinLeaf.TrySource(rightNode, out LogicalScan scan, out Expression? condition))
        {
            return null;
        }

        double all = Cardinality.Of(scan);
        double found = Found(join, rightNode, all, rows.Rows);
        if (!IsWorthwhile(Cardinality.Estimate(leftNode), all, found))
        {
            return null;
        }

        var parts = new List<Expression>();
        Conjuncts.Split(join.Condition, parts);
        var values = new Dictionary<int, Expression>();
        foreach (Expression part in parts)
        {
            if (ValueOf(part, scan, leftNode, out int ordinal) is { } value)
            {
                values.TryAdd(ordinal, value);
            }
        }

        IndexEntry? index = null;
        int[]? ordinals = KeyOf(scan, values, out int key);
        if (ordinals is null && (index = IndexOf(scan, values, out int count)) is not null)
        {
            ordinals = index.Schema.Ordinals[..count];
        }

        if (ordinals is null)
        {
            return null;
        }

        PlanNode left = operators.Choose(leftNode);
        var right = (TableScan)operators.Choose(scan);
        OutputColumn[] both = [.. left.Output, .. right.Output];
        var shape = new JoinShape(
            join.Kind == JoinKind.Cross ? JoinKind.Inner : join.Kind,
            left,
            right,
            NarrowExpression.Of(planner.Resolve(Conjuncts.Join(parts)!, both)),
            [.. Enumerable.Range(0, join.IsHalf ? left.Output.Count : both.Length)]);
        return new IndexJoin(
            shape,
            [.. ordinals.Select(ordinal => planner.Resolve(values[ordinal], left.Output))],
            right,
            condition is null ? null : planner.Resolve(condition, right.Output),
            index,
            index is null ? key : -1,
            shape.Output)
        {
            Estimate = rows,
        };
    }

    // The rows that lookups find before the conditions on the table; where one is enough, they
    // are looked at no further.
    private static double Found(LogicalJoin join, LogicalNode table, double all, double rows) =>
        join.IsHalf ? 0 : rows * all / Math.Min(all, Cardinality.Of(table));

    // If more rows come than are expected, it must not cost much more than to read the table.
    private static bool IsWorthwhile(RowEstimate left, double tableRows, double found) =>
        (left.Rows * LookupCostOverScan) + (found * FetchCostOverScan) <= tableRows
        && left.High * LookupCostOverScan <= tableRows * RegretMax;

    // A column of the table equals a value of the other side.
    private static Expression? ValueOf(
        Expression part, LogicalScan scan, LogicalNode left, out int ordinal)
    {
        ordinal = -1;
        if (part is not ComparisonExpression { Operator: BinaryOperator.Equal } equal
            || equal.Children[0].Type.Physical != equal.Children[1].Type.Physical
            || !ColumnSets.IsMovable(part))
        {
            return null;
        }

        for (int side = 0; side < 2; side++)
        {
            Expression value = equal.Children[1 - side];
            Expression operand = equal.Children[side];
            if (scan.Columns.FirstOrDefault(item => IndexMatch.IsColumn(
                    operand, scan, item.Ordinal)) is { } scanned
                && !ColumnSets.ReadsNone(value)
                && ColumnSets.ReadsOnly(value, ColumnSets.Of(left.Output)))
            {
                ordinal = scanned.Ordinal;
                return value;
            }
        }

        return null;
    }

    private static int[]? KeyOf(
        LogicalScan scan, Dictionary<int, Expression> values, out int keyOrdinal)
    {
        IReadOnlyList<KeySchema> keys = scan.Table.Schema.Keys;
        for (keyOrdinal = 0; keyOrdinal < keys.Count; keyOrdinal++)
        {
            if (keys[keyOrdinal].Ordinals.All(values.ContainsKey))
            {
                return keys[keyOrdinal].Ordinals;
            }
        }

        return null;
    }

    private static IndexEntry? IndexOf(
        LogicalScan scan, Dictionary<int, Expression> values, out int count)
    {
        IndexEntry? best = null;
        count = 0;
        foreach (IndexEntry index in IndexRangeRule.IndexesOf(scan))
        {
            int covered = index.Schema.Columns
                .TakeWhile(column => values.ContainsKey(column.Ordinal)).Count();
            if (covered > count)
            {
                best = index;
                count = covered;
            }
        }

        return best;
    }
}
