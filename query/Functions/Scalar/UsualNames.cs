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
        Alias("list_push_back", "array_append", 2, 2),
        Alias("array_push_back", "array_append", 2, 2),
        Alias("list_pack", "list_value", 0, int.MaxValue),
        Alias("list_distinct", "array_distinct", 1, 1),
        Alias("list_intersect", "array_intersect", 2, 2),
        Alias("list_has_all", "array_has_all", 2, 2),
        Alias("list_has_any", "&&", 2, 2),
        Alias("array_has_any", "&&", 2, 2),
        Alias("arrays_overlap", "&&", 2, 2),
        Alias("list_resize", "array_resize", 2, 3),
        Alias("list_max", "array_max", 1, 1),
        Alias("list_min", "array_min", 1, 1),
        Alias("array_join", "array_to_string", 2, 3),
        Alias("list_to_string", "array_to_string", 2, 3),
        Alias("array_indexof", "array_position", 2, 2),
        Alias("array_element", "list_extract", 2, 2),
        Alias("array_extract", "list_extract", 2, 2),
        Alias("array_remove_all", "array_remove", 2, 2),
        Alias("array_replace_all", "array_replace", 3, 3),
        Alias("string_split", "string_to_array", 2, 2),
        Alias("str_split", "string_to_array", 2, 2),
        Alias("split", "string_to_array", 2, 2),
        Alias("prefix", "starts_with", 2, 2),
        Alias("suffix", "ends_with", 2, 2),
        Alias("lcase", "lower", 1, 1),
        Alias("ucase", "upper", 1, 1),
        Alias("signum", "sign", 1, 1),
        Alias("uuid", "gen_random_uuid", 0, 0),
        Alias("jsonb", "json", 1, 1),
        Alias("json_merge_patch", "json_patch", 2, 2),
        Constant("current_database", "main"),
        Constant("current_schema", "main"),
        Constant("version", "NeuroStore"),
        new("regexp_extract", 2, 3, Extract),
        new("regexp_extract_all", 2, 3, ExtractAll),
        Alias("list_length", "cardinality", 1, 1),
        Alias("list_empty", "array_empty", 1, 1),
        Alias("list_union", "array_union", 2, 2),
        Alias("list_except", "array_except", 2, 2),
        Alias("list_repeat", "array_repeat", 2, 2),
        Alias("list_join", "array_to_string", 2, 3),
        Alias("list_remove", "array_remove", 2, 2),
        Alias("list_replace", "array_replace", 3, 3),
        Alias("list_push_front", "array_prepend", 2, 2),
        new("nvl2", 3, 3, static call => ExpressionFactory.Case(
            null,
            [(new IsNullExpression(call.Arguments[0], negated: true), call.Arguments[1])],
            call.Arguments[2],
            call.Position)),
        new("make_array", 0, int.MaxValue, Make),
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

    private static Expression Make(FunctionCall call) => call.Count == 0
        ? new ConstantExpression(
            ArrayCodec.ToValue(TypeKind.Null, []), DataType.UntypedArray, call.Position)
        : ArrayFunctions.Make(call.Arguments, call.Position);

    private static FunctionDefinition Constant(string name, string text) =>
        new(name, 0, 0, call => ExpressionFactory.Literal(Value.Of(text), call.Position));

    // The whole match, or a group of it; an empty text where nothing matches.
    private static Expression Extract(FunctionCall call) => call.Make(
        DataType.Text,
        RowLoops.Of<string, string, long, string>(static (text, pattern, group) =>
            RegularExpressions.Run(() => RegularExpressions.Of(pattern, "").Match(text))
                .Groups[(int)Math.Clamp(group, 0, int.MaxValue)].Value),
        [call.Text(0), call.Text(1), Group(call)]);

    private static Expression ExtractAll(FunctionCall call) => ArrayFunctions.Each(
        call,
        DataType.ArrayOf(DataType.Text),
        [call.Text(0), call.Text(1), Group(call)],
        static row => ArrayCodec.ToValue(
            TypeKind.Text,
            RegularExpressions.Run(() => RegularExpressions.Of(row[1].AsText(), "")
                .Matches(row[0].AsText())
                .Select(match => Value.Of(
                    match.Groups[(int)Math.Clamp(row[2].AsInt64(), 0, int.MaxValue)].Value))
                .ToArray())));

    private static Expression Group(FunctionCall call) => call.Count > 2
        ? call.Whole(2)
        : new ConstantExpression(Value.Of(0L), DataType.BigInt, call.Position);

    private static FunctionDefinition Alias(string name, string target, int min, int max) =>
        new(name, min, max, call =>
            ExpressionFactory.Call(target, call.Arguments, call.Position));

    private static Expression Contains(FunctionCall call) => AnyElementExpression.Make(
        BinaryOperator.Equal, call.Arguments[1], call.Arguments[0], false, call.Position);

    private static Expression Slice(FunctionCall call) => ArrayFunctions.Subscript(
        call.Arguments[0], Place(call, 1), Place(call, 2), true, call.Position);

    private static Expression Element(FunctionCall call) => ArrayFunctions.Subscript(
        call.Arguments[0], Place(call, 1), null, false, call.Position);

    // Places below zero count from the end: -1 is the last one.
    private static Expression Place(FunctionCall call, int ordinal)
    {
        if (call.TypeOf(0).Kind != TypeKind.Array
            || call.Arguments[ordinal] is ConstantExpression { Value: { IsNull: false } known }
            && known.Kind is TypeKind.Integer or TypeKind.BigInt && known.AsInt64() >= 0)
        {
            return call.Arguments[ordinal];
        }

        return call.Make(
            DataType.BigInt,
            RowLoops.Of<byte[], long, long>(static (array, place) =>
                place < 0 ? place + ArrayCodec.CountOf(array) + 1 : place),
            [call.Arguments[0], call.Whole(ordinal)]);
    }
}
