namespace NeuroDb.Query;

/// <summary>
/// Binds UNION, INTERSECT and EXCEPT of texts with a collation: both sides one behind the other are
/// grouped by the keys of their columns, and a group counts if it has rows of the sides that the
/// operator asks for. A group shows a row of the left side where it has one.
/// </summary>
internal sealed class CollatedSetBinder(
    Binder binder, SetOperationSyntax operation, IReadOnlyList<Collation> collations)
{
    /// <summary>
    /// The collation by which each column compares: that of the left side, if it has one, else
    /// that of the right; empty if all compare by code point.
    /// </summary>
    public static IReadOnlyList<Collation> Of(LogicalNode left, LogicalNode right)
    {
        var collations = new Collation[left.Output.Count];
        for (int i = 0; i < collations.Length; i++)
        {
            collations[i] = Of(left, left.Output[i].Id);
            if (collations[i] == Collation.Binary)
            {
                collations[i] = Of(right, right.Output[i].Id);
            }
        }

        return Array.TrueForAll(collations, static own => own == Collation.Binary)
            ? []
            : collations;
    }

    /// <summary>The operation over sides with columns of the same types.</summary>
    public LogicalNode Bind(LogicalNode left, LogicalNode right, OutputColumn[] output)
    {
        LogicalNode first = Side(left, isLeft: true);
        OutputColumn[] columns = [.. first.Output.Select(column => column with
        {
            Id = binder.Identifiers.Next(), IsNullable = true,
        })];
        var both = new LogicalSetOperation(
            SetOperator.Union, true, first, Side(right, isLeft: false), columns);
        OutputColumn mark = columns[^1];
        int key = output.Length;
        ProjectedColumn[] keys = [.. collations.Select((own, i) => new ProjectedColumn(
            Reference(own == Collation.Binary ? columns[i] : columns[key++]),
            own == Collation.Binary
                ? output[i]
                : binder.Identifiers.NewColumn("key", DataType.Text)))];
        var shown = new List<ProjectedColumn>();
        var aggregates = new List<AggregateColumn>();
        bool isUnion = operation.Operator == SetOperator.Union;
        for (int i = 0; i < output.Length; i++)
        {
            if (collations[i] == Collation.Binary)
            {
                continue;
            }

            if (isUnion)
            {
                shown.Add(new ProjectedColumn(Reference(columns[i]), output[i]));
            }
            else
            {
                aggregates.Add(new AggregateColumn(
                    new AggregateCall(
                        Aggregate("any_value", Reference(columns[i])), Reference(mark)),
                    output[i]));
            }
        }

        if (isUnion)
        {
            return LogicalProject.Of(new LogicalAggregate(both, keys, [], shown), output);
        }

        OutputColumn hasLeft = Has("bool_or", mark, aggregates);
        OutputColumn isLeftOnly = Has("bool_and", mark, aggregates);
        Expression only = Reference(isLeftOnly);
        Expression condition = ExpressionFactory.And(
        [
            Reference(hasLeft),
            operation.Operator == SetOperator.Except
                ? only
                : ExpressionFactory.Not(only, operation.Position),
        ]);
        return LogicalProject.Of(
            new LogicalFilter(new LogicalAggregate(both, keys, aggregates, []), condition),
            output);
    }

    private static Collation Of(LogicalNode node, int identifier)
    {
        switch (node)
        {
            case LogicalProject project:
                return OfColumn(project.Columns, project.Input, identifier);
            case LogicalAggregate aggregate:
                return OfColumn(
                    [.. aggregate.Keys, .. aggregate.Firsts], aggregate.Input, identifier);
            case LogicalSetOperation set:
                int place = set.Output.ToList().FindIndex(column => column.Id == identifier);
                Collation left = Of(set.Left, set.Left.Output[place].Id);
                return left == Collation.Binary
                    ? Of(set.Right, set.Right.Output[place].Id)
                    : left;
            default:
                return node.Children.Count == 1
                    && node.Children[0].Output.Any(column => column.Id == identifier)
                    ? Of(node.Children[0], identifier)
                    : Collation.Binary;
        }
    }

    private static Collation OfColumn(
        IReadOnlyList<ProjectedColumn> columns, LogicalNode input, int identifier) =>
        columns.FirstOrDefault(column => column.Column.Id == identifier)?.Expression switch
        {
            CollateExpression collated => collated.Collation,
            ColumnExpression column => Of(input, column.Id),
            _ => Collation.Binary,
        };

    // The columns of a side, the keys of those with a collation, and which side it is.
    private LogicalProject Side(LogicalNode side, bool isLeft)
    {
        var columns = new List<ProjectedColumn>(side.Output.Select(static column =>
            new ProjectedColumn(Reference(column), column)));
        for (int i = 0; i < collations.Count; i++)
        {
            if (collations[i] != Collation.Binary)
            {
                columns.Add(new ProjectedColumn(
                    CollateExpression.Key(Reference(side.Output[i]), collations[i]),
                    binder.Identifiers.NewColumn("key", DataType.Text)));
            }
        }

        columns.Add(new ProjectedColumn(
            new ConstantExpression(Value.Of(isLeft), DataType.Boolean),
            binder.Identifiers.NewColumn("is left", DataType.Boolean)));
        return new LogicalProject(side, columns);
    }

    private OutputColumn Has(
        string aggregate, OutputColumn mark, List<AggregateColumn> aggregates)
    {
        OutputColumn column = binder.Identifiers.NewColumn(aggregate, DataType.Boolean);
        aggregates.Add(new AggregateColumn(
            new AggregateCall(Aggregate(aggregate, Reference(mark)), null), column));
        return column;
    }

    private AggregateFunction Aggregate(string name, Expression argument) =>
        AggregateRegistry.Resolve(name, [argument], false, operation.Position);

    private static ColumnExpression Reference(OutputColumn column) =>
        new(column.Id, column.Name, column.Type);
}
