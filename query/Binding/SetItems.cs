namespace NeuroDb.Query;

/// <summary>
/// Items of SELECT that give several rows, unnest (a) and generate_series (..): they become tables
/// behind the others in FROM, which is what they mean. Several unnest go side by side.
/// </summary>
internal static class SetItems
{
    private const string Alias = "set items";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "generate_series",
        "generate_subscripts",
        "json_array_elements",
        "json_array_elements_text",
        "json_object_keys",
        "jsonb_array_elements",
        "jsonb_array_elements_text",
        "jsonb_object_keys",
        "regexp_matches",
        "regexp_split_to_table",
        "string_to_table",
    };


    /// <summary>The SELECT with such items in FROM; the same if it has none.</summary>
    public static SelectSyntax Expand(SelectSyntax select)
    {
        List<FunctionCallSyntax> calls =
            [.. select.Items.Select(CallOf).OfType<FunctionCallSyntax>()];
        bool isOne = calls.Count == 1 || calls.TrueForAll(call => Is(call, "unnest"));
        if (calls.Count == 0 || !isOne || select.Items.Any(static item => item is StarItemSyntax))
        {
            return select;
        }

        if (GroupedItems.ComeBefore(select, CallOf))
        {
            return Expand(GroupedItems.Below(select, CallOf));
        }

        FunctionCallSyntax call = calls.Count == 1
            ? calls[0]
            : calls[0] with
            {
                Arguments = [.. calls.SelectMany(static one => one.Arguments)],
            };
        IdentifierSyntax[] columns = [.. calls.Select((_, i) =>
            new IdentifierSyntax($"{Alias} {i + 1}", true))];
        var table = new FunctionTableSyntax(call, new IdentifierSyntax(Alias, true), columns)
        {
            Position = call.Position,
        };
        int next = 0;
        SelectItemSyntax Replace(SelectItemSyntax item)
        {
            if (CallOf(item) is not { } own)
            {
                return item;
            }

            var name = new NameSyntax([columns[next++]]) { Position = own.Position };
            var place = (ExpressionItemSyntax)item;
            return place with
            {
                Expression = new ColumnReferenceSyntax(name) { Position = own.Position },
                Alias = place.Alias ?? own.Name.Parts[^1],
            };
        }

        return select with
        {
            Items = [.. select.Items.Select(Replace)],
            From = [.. select.From, table],
        };
    }

    private static FunctionCallSyntax? CallOf(SelectItemSyntax item) =>
        item is ExpressionItemSyntax
        {
            Expression: FunctionCallSyntax { Over: null, Query: null } call,
        }
        && (Is(call, "unnest") ? call.Arguments.Count == 1 : IsSet(call))
            ? call
            : null;

    private static bool IsSet(FunctionCallSyntax call) =>
        call.Name.Parts is [{ Name: var name }] && Names.Contains(name);

    private static bool Is(FunctionCallSyntax call, string name) =>
        call.Name.Parts is [{ Name: var own }]
        && own.Equals(name, StringComparison.OrdinalIgnoreCase);
}
