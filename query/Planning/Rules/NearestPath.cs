using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// The way from an order by a distance down to the tables whose vectors it ranks, and back up with
/// the tables replaced by their nearest rows.
/// </summary>
/// <param name="keys">The order; the first item is followed.</param>
/// <param name="limit">The most rows.</param>
/// <param name="offset">The rows left out first; null for none.</param>
/// <param name="identifiers">The identifiers of the columns of the statement.</param>
internal sealed class NearestPath(
    IReadOnlyList<SortKey> keys,
    Expression limit,
    Expression? offset,
    ColumnIdentifiers identifiers)
{
    /// <summary>
    /// What divides the rows, where the limit is one of each group; empty for one limit of all.
    /// </summary>
    public IReadOnlyList<Expression> Groups { get; init; } = [];

    /// <summary>
    /// Whether all rows of a group count that are as near as the last one wanted.
    /// </summary>
    public bool IsWithTies { get; init; }

    /// <summary>
    /// Whether the nearest rows are those of the answer, in their order, so that nothing is left
    /// to sort.
    /// </summary>
    public bool IsFinal { get; private set; }

    /// <summary>What lies below the order, with tables replaced; null if none can be.</summary>
    public NearestRows? TryReplace(LogicalNode node) => Find(node, keys[0].Expression, null);

    private NearestRows? Find(LogicalNode node, Expression key, PathStep? above)
    {
        switch (node)
        {
            case LogicalScan { RowAddress: null } scan:
                return OfTable(scan, key, above);
            case LogicalFilter filter when ColumnSets.IsMovable(filter.Condition):
                var filtering = new PathStep(filter, 0, above);
                return Find(filter.Input, key, filtering)?.Filter(filtering);
            case LogicalProject project when project.Columns.All(
                static column => ColumnSets.IsMovable(column.Expression)):
                var projecting = new PathStep(project, 0, above);
                return Find(project.Input, ColumnSets.Through(project, key), projecting)
                    ?.Project(project);
            case LogicalDistinct distinct:
                return Find(distinct.Input, key, new PathStep(distinct, 0, above))
                    ?.Above(static (_, input) => new LogicalDistinct(input), distinct);
            case LogicalPrediction prediction when prediction.Columns.All(
                static column => ColumnSets.IsMovable(column.Prediction)):
                return Find(prediction.Input, key, new PathStep(prediction, 0, above))
                    ?.Above(static (node, input) => node.WithChildren([input]), prediction);
            case LogicalJoin join when join.Condition is null
                || ColumnSets.IsMovable(join.Condition):
                return ThroughJoin(join, key, above);
            case LogicalApply apply when RepeatedRows.IsRepeatable(apply.Right)
                && apply.Captures.All(ColumnSets.IsMovable)
                && (apply.Condition is null || ColumnSets.IsMovable(apply.Condition)):
                return Find(apply.Left, key, new PathStep(apply, 0, above))
                    ?.Above(static (node, input) => node.WithChildren(
                        [input, node.Children[1]]), apply);
            case LogicalSetOperation { Operator: SetOperator.Union, IsAll: true } union:
                return ThroughUnion(union, key, above);
            default:
                return null;
        }
    }

    private NearestRows? ThroughJoin(LogicalJoin join, Expression key, PathStep? above)
    {
        var read = new HashSet<int>();
        ColumnSets.Collect(key, read);
        int side = read.Overlaps(ColumnSets.Of(join.Left.Output)) ? 0 : 1;
        if (read.Count == 0 || join.Kind == JoinKind.Full
            || (side == 1 && join.Kind is not (JoinKind.Inner or JoinKind.Cross))
            || !read.IsSubsetOf(ColumnSets.Of(join.Children[side].Output))
            || RepeatedRows.Of(join.Children[1 - side]) is not { } other)
        {
            return null;
        }

        LogicalNode[] children = [.. join.Children];
        children[1 - side] = other;
        LogicalNode repeated = ReferenceEquals(other, join.Children[1 - side])
            ? join
            : join.WithChildren(children);
        var step = new PathStep(repeated, side, above);
        return Find(join.Children[side], key, step)?.Join(step);
    }

    private NearestRows? ThroughUnion(LogicalSetOperation union, Expression key, PathStep? above)
    {
        NearestRows?[] found = new NearestRows?[2];
        for (int side = 0; side < 2; side++)
        {
            LogicalNode branch = union.Children[side];
            var definitions = new Dictionary<int, Expression>();
            for (int i = 0; i < branch.Output.Count; i++)
            {
                OutputColumn column = branch.Output[i];
                definitions[union.Output[i].Id] =
                    new ColumnExpression(column.Id, column.Name, column.Type);
            }

            found[side] = Find(
                branch,
                ColumnSets.Substitute(key, definitions),
                new PathStep(union, side, above));
        }

        return found[0] is null && found[1] is null
            ? null
            : new NearestRows(
                union.WithChildren([.. found.Select((rows, side) => rows is null
                    ? union.Children[side]
                    : LogicalProject.Of(rows.Node, union.Children[side].Output))]),
                null,
                null);
    }

    private NearestRows? OfTable(LogicalScan scan, Expression key, PathStep? above)
    {
        SortKey own = keys[0] with { Expression = key };
        SortKey item = FarthestProduct.TryTurn(own) ?? own;
        if (RankKey.TryFind(item) is not { } rank
            || (IsWithTies && (!rank.IsPlain || rank.Distance.Metric == Metric.InnerProduct))
            || VectorRanking.TryMake(
                rank.Distance, scan, Plain(item, rank), limit, offset) is not { } ranking
            || (item.NullsFirst && (!RankKey.IsTotal(rank.Distance.Metric)
                || scan.Table.Schema.Columns[ranking.VectorOrdinal].IsNullable)))
        {
            return null;
        }

        List<PathStep> steps = PathStep.From(above);
        bool isSimple = steps.TrueForAll(static step =>
            step.Node is LogicalFilter or LogicalProject);
        if ((isSimple && keys.Count == 1 && rank.IsPlain && Groups.Count == 0)
            || !NamesRows(scan, steps))
        {
            // The former is what VectorTopKRule does.
            return null;
        }

        IReadOnlyDictionary<int, Expression> defined = PathStep.Define(steps, rank.Distance);
        Expression[] groups =
            [.. Groups.Select(group => ColumnSets.Substitute(group, defined))];
        if (!Array.TrueForAll(groups, group => ColumnSets.IsMovable(group)
            && ColumnSets.ReadsOnly(group, ColumnSets.Of(scan.Output))))
        {
            return null;
        }

        PathStep.FindRead(steps);
        PassingRows passing = PassingRows.Of(scan, steps, identifiers);
        VectorDistanceExpression shown = ReferenceEquals(item, own)
            ? rank.Distance
            : (VectorDistanceExpression)key;
        OutputColumn measure = identifiers.NewColumn(shown.ToString(), shown.Type);
        var column = new ColumnExpression(measure.Id, measure.Name, measure.Type);
        IsFinal = keys.Count == 1 && groups.Length == 0
            && steps.TrueForAll(static step => step.KeepsRows);
        return new NearestRows(
            new LogicalVectorTopK(
                scan,
                passing.Filter,
                ranking with
                {
                    IsFinal = IsFinal,
                    Groups = groups,
                    IsWithTies = IsWithTies,
                    TieKey = keys.Count == 1
                        ? null
                        : NearestRows.Replace(key, shown, column),
                },
                measure,
                passing.Query),
            shown,
            measure);
    }

    // The order of the distance itself, which is that of what follows it.
    private static SortKey Plain(SortKey item, RankKey rank) => rank.IsPlain
        ? item
        : new SortKey(
            rank.Distance, rank.Distance.Measure != VectorMeasure.Distance, NullsFirst: false);

    // Below DISTINCT each row of the table must stay a row for itself.
    private static bool NamesRows(LogicalScan scan, List<PathStep> steps)
    {
        int distinct = steps.FindIndex(static step => step.Node is LogicalDistinct);
        if (distinct < 0)
        {
            return true;
        }

        PathStep.Define(steps, new ConstantExpression(Value.Null, DataType.Double));
        IReadOnlyList<PathStep> all = steps;
        return all.Where(static step => step.Node is LogicalDistinct).All(step =>
        {
            Expression[] shown = [.. step.Node.Output.Select(column => step.Down(
                new ColumnExpression(column.Id, column.Name, column.Type)))];
            return scan.Table.Schema.Keys.Any(key => key.Ordinals.All(ordinal =>
                !scan.Table.Schema.Columns[ordinal].IsNullable
                && scan.Columns.FirstOrDefault(item => item.Ordinal == ordinal) is { } known
                && shown.Any(value => value is ColumnExpression column
                    && column.Id == known.Column.Id)));
        });
    }
}
