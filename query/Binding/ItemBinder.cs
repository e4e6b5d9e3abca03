namespace NeuroDb.Query;

/// <summary>Binds the items of SELECT and RETURNING to named columns.</summary>
internal sealed class ItemBinder(Binder binder, ExpressionBinder expressions)
{
    /// <summary>The columns of the items, stars written out.</summary>
    public IReadOnlyList<ProjectedColumn> Bind(IReadOnlyList<SelectItemSyntax> items)
    {
        var columns = new List<ProjectedColumn>(items.Count);
        foreach (SelectItemSyntax item in items)
        {
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

        foreach (ScopeColumn column in scope.Star(star.Table?.Last))
        {
            columns.Add(new ProjectedColumn(column.Expression, column.Column));
        }
    }

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
