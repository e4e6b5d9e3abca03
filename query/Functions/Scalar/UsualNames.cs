namespace NeuroDb.Query;

/// <summary>
/// Functions of DuckDB and others under their own names, where another name does the same here.
/// </summary>
internal static class UsualNames
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Alias("list_append", "array_append", 2, 2),
        Alias("list_prepend", "array_prepend", 2, 2),
        Alias("list_concat", "array_cat", 2, 2),
        Alias("array_concat", "array_cat", 2, 2),
        Alias("list_position", "array_position", 2, 2),
        Alias("list_indexof", "array_position", 2, 2),
        Alias("list_sort", "array_sort", 1, 1),
        Alias("list_reverse", "array_reverse", 1, 1),
        Alias("array_to_json", "json_quote", 1, 1),
        Alias("json_extract_string", "json_extract", 2, 2),
        Alias("json_extract_path_text", "json_extract", 2, 2),
        new("list_value", 1, int.MaxValue, static call =>
            ArrayFunctions.Make(call.Arguments, call.Position)),
        new("range", 1, 3, ArrayRange.Bind),
        new("list_contains", 2, 2, Contains),
        new("array_contains", 2, 2, Contains),
        new("list_has", 2, 2, Contains),
        new("array_has", 2, 2, Contains),
        new("list_slice", 3, 3, Slice),
        new("array_slice", 3, 3, Slice),
        new("list_extract", 2, 2, Element),
        new("list_element", 2, 2, Element),
        new("pg_typeof", 1, 1, static call =>
            ExpressionFactory.Call("typeof", call.Arguments, call.Position)),
    ];

    private static FunctionDefinition Alias(string name, string target, int min, int max) =>
        new(name, min, max, call =>
            ExpressionFactory.Call(target, call.Arguments, call.Position));

    private static Expression Contains(FunctionCall call) => AnyElementExpression.Make(
        BinaryOperator.Equal, call.Arguments[1], call.Arguments[0], false, call.Position);

    private static Expression Slice(FunctionCall call) => ArrayFunctions.Subscript(
        call.Arguments[0], call.Arguments[1], call.Arguments[2], true, call.Position);

    private static Expression Element(FunctionCall call) => ArrayFunctions.Subscript(
        call.Arguments[0], call.Arguments[1], null, false, call.Position);
}
