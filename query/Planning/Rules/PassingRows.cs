namespace NeuroDb.Query;

/// <summary>
/// The query that gives the rows of a table which the conditions and joins between it and an order
/// let through, each at least once: what the nearest rows are chosen from (a semi-join reduction,
/// P. Bernstein and D. Chiu, JACM 1981). A left join above which nobody looks at the right side is
/// left out, and a join that would repeat rows becomes a semi join.
/// </summary>
internal sealed class PassingRows
{
    private readonly IReadOnlyList<PathStep> _fromTable;
    private readonly OutputColumn _address;

    private PassingRows(IReadOnlyList<PathStep> fromTable, OutputColumn address)
    {
        _fromTable = fromTable;
        _address = address;
    }

    /// <summary>
    /// The condition over the table alone, or null where it needs joins; null as well for none.
    /// </summary>
    public Expression? Filter { get; private set; }

    /// <summary>
    /// The addresses of the rows in one column; null where the filter says it all.
    /// </summary>
    public LogicalNode? Query { get; private set; }

    /// <summary>The rows that steps let through.</summary>
    public static PassingRows Of(
        LogicalScan scan, IReadOnlyList<PathStep> fromTable, ColumnIdentifiers identifiers)
    {
        OutputColumn address = identifiers.NewColumn("row", DataType.BigInt, false);
        var rows = new PassingRows(fromTable, address);
        if (fromTable.Any(static step => Stays(step) && step.Node is not
            (LogicalFilter or LogicalProject or LogicalSetOperation or LogicalDistinct)))
        {
            rows.Query = ColumnPruningRule.Apply(rows.Build(new LogicalScan(
                scan.Table, scan.Alias, scan.Columns, address, scan.Indexes)
            {
                Indexed = scan.Indexed,
            }));
        }
        else
        {
            rows.Filter = Conjuncts.Join([.. fromTable.SelectMany(
                static step => step.Parts.Select(step.Down))]);
        }

        return rows;
    }

    // Whether a step may leave out rows.
    private static bool Stays(PathStep step) => step.Node switch
    {
        LogicalJoin { Kind: JoinKind.Left } join => IsRead(step, join.Right),
        LogicalApply { KeepsLeft: true } apply => IsRead(step, apply.Right),
        LogicalPrediction => step.Read.Overlaps(
            step.Node.Output.Skip(step.Node.Children[0].Output.Count).Select(
                static column => column.Id)),
        _ => true,
    };

    private static bool IsRead(PathStep step, LogicalNode side) =>
        step.Read.Overlaps(ColumnSets.Of(side.Output));

    private LogicalProject Build(LogicalNode scan)
    {
        LogicalNode node = scan;
        foreach (PathStep step in _fromTable.Where(Stays))
        {
            node = step.Node switch
            {
                LogicalFilter => Conjuncts.Filter(node, step.Parts),
                LogicalProject project => new LogicalProject(
                    node,
                    [
                        .. project.Columns.Where(
                            column => step.Read.Contains(column.Column.Id)),
                        Same(_address),
                    ]),
                LogicalSetOperation operation => OfBranch(node, operation, step),
                LogicalDistinct => node,
                LogicalJoin join => OfJoin(node, join, step),
                _ => step.Node.WithChildren([node, .. step.Node.Children.Skip(1)]),
            };
        }

        return LogicalProject.Of(node, [_address]);
    }

    private static LogicalJoin OfJoin(LogicalNode node, LogicalJoin join, PathStep step)
    {
        LogicalNode other = join.Children[1 - step.Side];
        var all = new LogicalJoin(
            join.Kind,
            step.Side == 0 ? node : other,
            step.Side == 0 ? other : node,
            join.Condition);
        bool repeats = join.Kind is JoinKind.Inner or JoinKind.Cross && !IsRead(step, other)
            && Cardinality.Of(all) > Cardinality.Of(node);
        return repeats ? new LogicalJoin(JoinKind.Semi, node, other, join.Condition) : all;
    }

    private LogicalProject OfBranch(
        LogicalNode node, LogicalSetOperation operation, PathStep step)
    {
        IReadOnlyList<OutputColumn> branch = operation.Children[step.Side].Output;
        var columns = new List<ProjectedColumn>();
        for (int i = 0; i < branch.Count; i++)
        {
            if (step.Read.Contains(operation.Output[i].Id))
            {
                columns.Add(Same(branch[i]) with { Column = operation.Output[i] });
            }
        }

        columns.Add(Same(_address));
        return new LogicalProject(node, columns);
    }

    private static ProjectedColumn Same(OutputColumn column) => new(
        new ColumnExpression(column.Id, column.Name, column.Type), column);
}
