using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// PIVOT written out: a SELECT with groups in which each aggregate stands once for each value, over
/// the rows that have the value.
/// </summary>
internal sealed class PivotBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>The plan: a row for each group.</summary>
    public LogicalNode Bind(PivotTableSyntax pivot)
    {
        PivotSource source = PivotSource.Of(pivot.Source, binder, environment);
        IReadOnlyList<ExpressionItemSyntax> groups = pivot.Groups ?? Rest(pivot, source);
        List<SelectItemSyntax> items = [.. groups];
        foreach ((ExpressionSyntax? condition, string name) in Cells(pivot))
        {
            items.AddRange(pivot.Aggregates.Select(
                aggregate => Cell(pivot, aggregate, condition, name)));
        }

        var select = new SelectSyntax(
            false, items, [pivot.Source], null, [.. groups.Select(it => it.Expression)], null)
        {
            Position = pivot.Position,
        };
        return new QueryBinder(binder, environment).Bind(PivotSource.Query(select));
    }

    private static ExpressionItemSyntax Cell(
        PivotTableSyntax pivot,
        ExpressionItemSyntax aggregate,
        ExpressionSyntax? condition,
        string name)
    {
        var call = (FunctionCallSyntax)aggregate.Expression;
        bool isNamed = aggregate.Alias is not null || pivot.Aggregates.Count > 1;
        string title = isNamed ? $"{name}_{aggregate.Alias?.Name ?? aggregate.Text}" : name;
        return aggregate with
        {
            Expression = call with { Filter = And(call.Filter, condition) },
            Alias = new IdentifierSyntax(title, true) { Position = aggregate.Position },
        };
    }

    private static ExpressionSyntax? And(ExpressionSyntax? left, ExpressionSyntax? right) =>
        left is null ? right
        : right is null ? left
        : new LogicalExpressionSyntax(LogicalOperator.And, [left, right])
        {
            Position = left.Position,
        };

    // All columns that neither ON nor an aggregate reads.
    private static List<ExpressionItemSyntax> Rest(PivotTableSyntax pivot, PivotSource source)
    {
        var read = new HashSet<int>();
        foreach (PivotColumnSyntax column in pivot.Columns)
        {
            source.Collect(column.Expression, read);
        }

        foreach (ExpressionItemSyntax aggregate in pivot.Aggregates)
        {
            var call = (FunctionCallSyntax)aggregate.Expression;
            IEnumerable<ExpressionSyntax?> parts =
            [
                .. call.Arguments.Select(static it => it.Value),
                .. call.OrderBy.Select(static it => it.Expression),
                call.Filter,
            ];
            foreach (ExpressionSyntax part in parts.OfType<ExpressionSyntax>())
            {
                source.Collect(part, read);
            }
        }

        return source.Except(read, pivot.Position);
    }

    // The values of several columns are combined, the last one's first.
    private List<(ExpressionSyntax? Condition, string Name)> Cells(PivotTableSyntax pivot)
    {
        List<(ExpressionSyntax? Condition, string Name)> cells = [(null, "")];
        foreach (PivotColumnSyntax column in pivot.Columns)
        {
            List<(ExpressionSyntax Condition, string Name)> values = Values(pivot, column);
            if ((long)values.Count * cells.Count * pivot.Aggregates.Count > Limits.ColumnCountMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"PIVOT would give more than {Limits.ColumnCountMax} columns. Name the values "
                    + "with IN (value, ...), or group by the column.",
                    column.Position);
            }

            cells = [.. cells.SelectMany(cell => values.Select(value => (
                And(cell.Condition, value.Condition),
                cell.Condition is null ? value.Name : $"{cell.Name}_{value.Name}")))];
        }

        return cells;
    }

    private List<(ExpressionSyntax Condition, string Name)> Values(
        PivotTableSyntax pivot, PivotColumnSyntax column)
    {
        if (column.Values is { } given)
        {
            return [.. given.Select(it => (
                Same(column.Expression, it.Value, BinaryOperator.IsNotDistinctFrom), it.Name))];
        }

        string[] found = binder.NextPivotValues()
            ?? throw new PivotValuesException(
                new QueryBinder(binder, QueryEnvironment.Empty with { Tables = environment.Tables })
                    .Bind(ValuesOf(pivot, column)),
                binder.Identifiers,
                column.Position);
        return [.. found.Select(text => (
            Same(
                Text(column.Expression),
                new LiteralExpressionSyntax(LiteralKind.Text, text) { Position = column.Position },
                BinaryOperator.Equal),
            text))];
    }

    // SELECT CAST(column AS TEXT) FROM source WHERE column IS NOT NULL GROUP BY column ORDER BY
    // column LIMIT one more than there may be
    private static QuerySyntax ValuesOf(PivotTableSyntax pivot, PivotColumnSyntax column)
    {
        ExpressionSyntax value = column.Expression;
        SourcePosition position = column.Position;
        var select = new SelectSyntax(
            false,
            [new ExpressionItemSyntax(Text(value), null, "value") { Position = position }],
            [pivot.Source],
            new IsExpressionSyntax(value, TruthTest.Null, true) { Position = position },
            [value],
            null)
        {
            Position = position,
        };
        return PivotSource.Query(select) with
        {
            OrderBy =
            [
                new OrderItemSyntax(value, SortDirection.Ascending, NullOrder.Default)
                {
                    Position = position,
                },
            ],
            Limit = new LiteralExpressionSyntax(
                LiteralKind.Integer,
                (Limits.ColumnCountMax + 1).ToString(CultureInfo.InvariantCulture))
            {
                Position = position,
            },
        };
    }

    private static CastExpressionSyntax Text(ExpressionSyntax value) =>
        new(value, new TypeSyntax("TEXT", []) { Position = value.Position })
        {
            Position = value.Position,
        };

    private static BinaryExpressionSyntax Same(
        ExpressionSyntax left, ExpressionSyntax right, BinaryOperator operation) =>
        new(operation, left, right) { Position = left.Position };
}
