using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// UNPIVOT written out: each row stands beside the number of each of the columns, which CASE turns
/// into the name and the values.
/// </summary>
internal sealed class UnpivotBinder(Binder binder, QueryEnvironment environment)
{
    private const string Numbers = "unpivot";

    /// <summary>The plan: for each row one of each column, in their order.</summary>
    public LogicalNode Bind(UnpivotTableSyntax unpivot)
    {
        PivotSource source = PivotSource.Of(unpivot.Source, binder, environment);
        List<ExpressionItemSyntax> columns = [.. unpivot.Items.SelectMany(item =>
            item is StarItemSyntax star ? source.Star(star) : [(ExpressionItemSyntax)item])];
        var read = new HashSet<int>();
        List<IReadOnlyList<ExpressionSyntax>> values = [];
        foreach (ExpressionItemSyntax column in columns)
        {
            values.Add(ValuesOf(column, unpivot));
            foreach (ExpressionSyntax value in values[^1])
            {
                source.Collect(value, read);
            }
        }

        List<ExpressionItemSyntax> items = source.Except(read, unpivot.Position);
        items.Add(Case(
            unpivot, unpivot.NameColumn, [.. columns.Select(column => Text(NameOf(column)))]));
        int first = items.Count;
        for (int i = 0; i < unpivot.ValueColumns.Count; i++)
        {
            items.Add(Case(unpivot, unpivot.ValueColumns[i], [.. values.Select(it => it[i])]));
        }

        TableReferenceSyntax[] from = [unpivot.Source, NumbersTo(columns.Count, unpivot.Position)];
        var select = new SelectSyntax(
            false,
            [.. items],
            from,
            unpivot.IncludesNulls ? null : AnyValue(items[first..], unpivot.Position),
            [],
            null)
        {
            Position = unpivot.Position,
        };
        return new QueryBinder(binder, environment).Bind(PivotSource.Query(select));
    }

    private static IReadOnlyList<ExpressionSyntax> ValuesOf(
        ExpressionItemSyntax column, UnpivotTableSyntax unpivot)
    {
        IReadOnlyList<ExpressionSyntax> values =
            column.Expression is RowExpressionSyntax row ? row.Items : [column.Expression];
        return values.Count == unpivot.ValueColumns.Count
            ? values
            : throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"UNPIVOT has {unpivot.ValueColumns.Count} columns for values, but {values.Count} "
                + "columns become one row here.",
                column.Position);
    }

    private static string NameOf(ExpressionItemSyntax column) =>
        column.Alias?.Name
        ?? (column.Expression is ColumnReferenceSyntax reference
            ? reference.Name.Last
            : column.Expression is RowExpressionSyntax row
                ? string.Join('_', row.Items.Select(static it =>
                    (it as ColumnReferenceSyntax)?.Name.Last ?? "value"))
                : column.Text);

    private static LiteralExpressionSyntax Text(string text) => new(LiteralKind.Text, text);

    private static LiteralExpressionSyntax Number(int number) =>
        new(LiteralKind.Integer, number.ToString(CultureInfo.InvariantCulture));

    private static ColumnReferenceSyntax Current(SourcePosition position)
    {
        IdentifierSyntax name = new(Numbers, true) { Position = position };
        return new ColumnReferenceSyntax(new NameSyntax([name, name]) { Position = position })
        {
            Position = position,
        };
    }

    private static ExpressionItemSyntax Case(
        UnpivotTableSyntax unpivot,
        IdentifierSyntax name,
        IReadOnlyList<ExpressionSyntax> results)
    {
        var choice = new CaseExpressionSyntax(
            Current(unpivot.Position),
            [.. results.Select((result, i) => new WhenClauseSyntax(
                Number(i) with { Position = unpivot.Position },
                result with { Position = unpivot.Position })
            {
                Position = unpivot.Position,
            })],
            null)
        {
            Position = unpivot.Position,
        };
        return new ExpressionItemSyntax(choice, name, name.Name) { Position = unpivot.Position };
    }

    private static DerivedTableSyntax NumbersTo(int count, SourcePosition position)
    {
        var rows = new ValuesSyntax([.. Enumerable.Range(0, count).Select(number =>
            new RowSyntax([Number(number) with { Position = position }]) { Position = position })])
        {
            Position = position,
        };
        var name = new IdentifierSyntax(Numbers, true) { Position = position };
        return new DerivedTableSyntax(
            new QuerySyntax([], rows, [], null, null) { Position = position }, name, [name])
        {
            Position = position,
        };
    }

    private static LogicalExpressionSyntax AnyValue(
        IReadOnlyList<ExpressionItemSyntax> values, SourcePosition position) =>
        new(
            LogicalOperator.Or,
            [.. values.Select(value => new IsExpressionSyntax(
                value.Expression, TruthTest.Null, true)
            {
                Position = position,
            })])
        {
            Position = position,
        };
}
