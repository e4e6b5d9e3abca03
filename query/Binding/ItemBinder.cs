namespace NeuroDb.Query;

/// <summary>Binds the items of SELECT and RETURNING to named columns.</summary>
internal sealed class ItemBinder(Binder binder, ExpressionBinder expressions)
{
    /// <summary>The columns of the items, stars written out.</summary>
    public IReadOnlyList<ProjectedColumn> Bind(IReadOnlyList<SelectItemSyntax> items)
    {
        var columns = new List<ProjectedColumn>(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            SelectItemSyntax item = items[i];
            if (expressions.LateAliases is { } aliases)
            {
                aliases.VisibleCount = i;
            }

            if (item is StarItemSyntax star)
            {
                AddStar(star, columns);
            }
            else
            {
                columns.Add(BindItem((ExpressionItemSyntax)item));
            }

            if (columns.Count > Limits.ColumnCountMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"A result has more than {Limits.ColumnCountMax} columns.",
                    item.Position);
            }
        }

        return columns;
    }

    private void AddStar(StarItemSyntax star, List<ProjectedColumn> columns)
    {
        Scope scope = expressions.Scope;
        if (star.Table is null && scope.Columns.Count == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "SELECT * needs a FROM clause to take columns from.",
                star.Position);
        }

        if (star.Table is { } table && !scope.HasTable(table.Last))
        {
            IEnumerable<string> names =
                scope.Columns.Select(column => column.Qualifier).OfType<string>().Distinct();
            throw new NeuroStoreException(
                ErrorCode.UnknownTable,
                $"There is no table or alias {table.Text} in this query."
                + NearMatch.Hint(table.Last, names),
                star.Position);
        }

        IReadOnlyList<ScopeColumn> all = [.. scope.Star(star.Table?.Last)];
        CheckChanges(star, all);
        int count = columns.Count;
        foreach (ScopeColumn column in all)
        {
            if (star.Replaced.FirstOrDefault(it => IsNamed(column, it.Alias!)) is { } replaced)
            {
                columns.Add(BindItem(replaced));
            }
            else if (!star.Excluded.Any(name => IsNamed(column, name)))
            {
                columns.Add(new ProjectedColumn(column.Expression, column.Column));
            }
        }

        if (columns.Count == count)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "EXCLUDE leaves no column of the star.",
                star.Position);
        }
    }

    private static void CheckChanges(StarItemSyntax star, IReadOnlyList<ScopeColumn> all)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (IdentifierSyntax name in
            star.Excluded.Concat(star.Replaced.Select(static it => it.Alias!)))
        {
            if (!all.Any(column => IsNamed(column, name)))
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"There is no column {name.Name} among those of the star."
                    + NearMatch.Hint(name.Name, all.Select(static it => it.Column.Name)),
                    name.Position);
            }

            if (!seen.Add(name.Name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"The column {name.Name} of the star is named twice.",
                    name.Position);
            }
        }
    }

    private static bool IsNamed(ScopeColumn column, IdentifierSyntax name) =>
        string.Equals(column.Column.Name, name.Name, StringComparison.OrdinalIgnoreCase);

    private ProjectedColumn BindItem(ExpressionItemSyntax item)
    {
        Expression expression = expressions.Bind(item.Expression);
        if (item.Expression is ColumnReferenceSyntax reference
            && expressions.Scope.Find(reference.Name) is { } column
            && ReferenceEquals(column.Expression, expression))
        {
            OutputColumn named = item.Alias is null
                ? column.Column
                : column.Column with { Name = item.Alias.Name };
            return new ProjectedColumn(expression, named);
        }

        string name = item.Alias?.Name
            ?? (item.Expression as ColumnReferenceSyntax)?.Name.Last
            ?? item.Text;
        return new ProjectedColumn(
            expression, binder.Identifiers.NewColumn(name, expression.Type));
    }
}
