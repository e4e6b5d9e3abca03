namespace NeuroDb.Query;

/// <summary>Which columns expressions read.</summary>
internal static class ColumnSets
{
    /// <summary>Adds the identifiers of all columns that an expression reads.</summary>
    public static void Collect(Expression expression, HashSet<int> identifiers)
    {
        if (expression is ColumnExpression column)
        {
            identifiers.Add(column.Id);
        }

        foreach (Expression child in expression.Children)
        {
            Collect(child, identifiers);
        }
    }

    /// <summary>The identifiers of the columns of a node.</summary>
    public static HashSet<int> Of(IEnumerable<OutputColumn> columns) =>
        [.. columns.Select(column => column.Id)];

    /// <summary>Whether an expression reads only columns of a set.</summary>
    public static bool ReadsOnly(Expression expression, HashSet<int> identifiers) =>
        expression is ColumnExpression column
            ? identifiers.Contains(column.Id)
            : expression.Children.All(child => ReadsOnly(child, identifiers));

    /// <summary>Whether an expression reads no column.</summary>
    public static bool ReadsNone(Expression expression) =>
        expression is not ColumnExpression && expression.Children.All(ReadsNone);

    /// <summary>
    /// Whether an expression may be computed at another place or another number of times without
    /// a difference to the result.
    /// </summary>
    public static bool IsMovable(Expression expression) => !expression.Any(
        part => !part.IsDeterministic
            && (part is not SubqueryExpression || part.IsVolatile));

    /// <summary>The expression with columns replaced by what computes them.</summary>
    public static Expression Substitute(
        Expression expression, IReadOnlyDictionary<int, Expression> definitions) =>
        expression.Rewrite(part =>
            part is ColumnExpression column
            && definitions.TryGetValue(column.Id, out Expression? definition)
                ? definition
                : part);

    /// <summary>What computes each column of a projection.</summary>
    public static Dictionary<int, Expression> DefinitionsOf(LogicalProject project)
    {
        var definitions = new Dictionary<int, Expression>();
        foreach (ProjectedColumn column in project.Columns)
        {
            definitions.TryAdd(column.Column.Id, column.Expression);
        }

        return definitions;
    }

    /// <summary>An expression above a projection as one below it.</summary>
    public static Expression Through(LogicalProject project, Expression expression) =>
        Substitute(expression, DefinitionsOf(project));
}
