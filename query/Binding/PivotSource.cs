namespace NeuroDb.Query;

/// <summary>The columns of the table that PIVOT or UNPIVOT reads.</summary>
internal sealed class PivotSource
{
    private readonly Scope _scope;
    private readonly ExpressionBinder _expressions;

    private PivotSource(Scope scope, Binder binder)
    {
        _scope = scope;
        _expressions = new ExpressionBinder(binder, scope, "PIVOT");
    }

    /// <summary>The columns of a table.</summary>
    public static PivotSource Of(
        TableReferenceSyntax source, Binder binder, QueryEnvironment environment)
    {
        var scope = new Scope(environment);
        new FromBinder(binder, environment).Bind([source], scope);
        return new PivotSource(scope, binder);
    }

    /// <summary>A SELECT as a query.</summary>
    public static QuerySyntax Query(SelectSyntax select) =>
        new([], select, [], null, null) { Position = select.Position };

    /// <summary>Adds the columns that an expression reads.</summary>
    public void Collect(ExpressionSyntax expression, HashSet<int> read) =>
        ColumnSets.Collect(_expressions.Bind(expression), read);

    /// <summary>References to all columns but some, as items.</summary>
    public List<ExpressionItemSyntax> Except(HashSet<int> read, SourcePosition position) =>
        [.. _scope.Star(null).Where(column => !IsRead(column, read))
            .Select(column => Item(column, position))];

    /// <summary>References to the columns of a star, as items.</summary>
    public IEnumerable<ExpressionItemSyntax> Star(StarItemSyntax star)
    {
        var excluded = star.Excluded.Select(static it => it.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _scope.Star(star.Table?.Last)
            .Where(column => !excluded.Contains(column.Column.Name))
            .Select(column => Item(column, star.Position));
    }

    private static bool IsRead(ScopeColumn column, HashSet<int> read)
    {
        var own = new HashSet<int>();
        ColumnSets.Collect(column.Expression, own);
        return own.Overlaps(read);
    }

    private static ExpressionItemSyntax Item(ScopeColumn column, SourcePosition position)
    {
        var own = new IdentifierSyntax(column.Column.Name, true) { Position = position };
        IReadOnlyList<IdentifierSyntax> parts = column.Qualifier is { } table
            ? [new IdentifierSyntax(table, true) { Position = position }, own]
            : [own];
        var reference = new ColumnReferenceSyntax(new NameSyntax(parts) { Position = position })
        {
            Position = position,
        };
        return new ExpressionItemSyntax(reference, own, own.Name) { Position = position };
    }
}
