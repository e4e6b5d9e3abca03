namespace NeuroDb.Query;

/// <summary>
/// Items of several rows in a SELECT with groups or window functions: as in PostgreSQL they give
/// their rows behind these, unless GROUP BY names them. What is grouped becomes a query in FROM.
/// </summary>
internal static class GroupedItems
{
    private const string Alias = "grouped items";

    /// <summary>Whether the items of several rows come behind groups or windows.</summary>
    public static bool ComeBefore(
        SelectSyntax select, Func<SelectItemSyntax, FunctionCallSyntax?> callOf)
    {
        bool isGrouped = select.GroupBy.Count > 0 || select.Having is not null
            || select.Items.Any(item => IsOfGroups((item as ExpressionItemSyntax)?.Expression)
                || callOf(item)?.Arguments.Any(static it => IsOfGroups(it.Value)) == true);
        for (int i = 0; isGrouped && !select.IsGroupByAll && i < select.Items.Count; i++)
        {
            if (callOf(select.Items[i]) is { } call && IsKey(select, i, call))
            {
                return false;
            }
        }

        return isGrouped && !select.IsGroupByAll;
    }

    /// <summary>The SELECT of such items over a query that makes the groups.</summary>
    public static SelectSyntax Below(
        SelectSyntax select, Func<SelectItemSyntax, FunctionCallSyntax?> callOf)
    {
        List<SelectItemSyntax> inner = [.. select.Items];
        List<SelectItemSyntax> outer = [];
        for (int i = 0; i < select.Items.Count; i++)
        {
            var item = (ExpressionItemSyntax)select.Items[i];
            if (callOf(item) is not { } call)
            {
                outer.Add(item with { Expression = Column(i, item), Alias = NameOf(item) });
                continue;
            }

            // The first argument takes the place of the item, so that places stay what they are.
            List<FunctionArgumentSyntax> arguments = [];
            foreach (FunctionArgumentSyntax argument in call.Arguments)
            {
                int place = arguments.Count == 0 ? i : inner.Count;
                var computed = new ExpressionItemSyntax(argument.Value, null, Alias)
                {
                    Position = argument.Position,
                };
                arguments.Add(argument with { Value = Column(place, argument) });
                inner.Insert(place, computed);
                if (place == i)
                {
                    inner.RemoveAt(i + 1);
                }
            }

            outer.Add(item with { Expression = call with { Arguments = arguments } });
        }

        var query = new QuerySyntax(
            [], select with { IsDistinct = false, DistinctOn = [], Items = inner }, [], null, null)
        {
            Position = select.Position,
        };
        var table = new DerivedTableSyntax(
            query,
            new IdentifierSyntax(Alias, true),
            [.. inner.Select(static (_, i) => Name(i))])
        {
            Position = select.Position,
        };
        return new SelectSyntax(select.IsDistinct, outer, [table], null, [], null)
        {
            DistinctOn = select.DistinctOn,
            Position = select.Position,
        };
    }

    private static bool IsOfGroups(ExpressionSyntax? expression) =>
        expression is FunctionCallSyntax call
        && (call.Over is not null
            || AggregateRegistry.IsAggregate(call.Name.Text, call.Arguments.Count)
            || call.Arguments.Any(static argument => IsOfGroups(argument.Value)));

    // GROUP BY 2 or GROUP BY alias; but a name that the argument takes is a column of FROM.
    private static bool IsKey(SelectSyntax select, int place, FunctionCallSyntax call) =>
        select.GroupBy.Any(key => OrderItems.Position(key, select.Items.Count) == place
            || (key is ColumnReferenceSyntax { Name: { Qualifier: null, Last: var name } }
                && select.Items[place] is ExpressionItemSyntax { Alias: { } alias }
                && Is(alias.Name, name)
                && !Takes(call, name)));

    private static bool Takes(FunctionCallSyntax call, string name) =>
        call.Arguments.Any(argument => argument.Value switch
        {
            ColumnReferenceSyntax column => Is(column.Name.Last, name),
            FunctionCallSyntax inner => Takes(inner, name),
            _ => false,
        });

    private static bool Is(string left, string right) =>
        left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static IdentifierSyntax NameOf(ExpressionItemSyntax item) =>
        item.Alias ?? (item.Expression is ColumnReferenceSyntax column
            ? column.Name.Parts[^1]
            : new IdentifierSyntax(item.Text, true));

    private static IdentifierSyntax Name(int place) => new($"{Alias} {place + 1}", true);

    private static ColumnReferenceSyntax Column(int place, SyntaxNode at) =>
        new(new NameSyntax([Name(place)]) { Position = at.Position }) { Position = at.Position };
}
