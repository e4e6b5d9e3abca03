namespace NeuroDb.Query;

/// <summary>The forms of ARRAY: a list of elements, none, and ARRAY (query).</summary>
internal static class ArrayBinder
{
    /// <summary>ARRAY[]::type.</summary>
    public static Expression Empty(DataType type, SourcePosition position) =>
        type.Kind == TypeKind.Array
            ? new ConstantExpression(
                ArrayCodec.ToValue(type.ElementType.Kind, []), type, position)
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch, $"An empty array does not cast to {type}.", position);

    /// <summary>Whether a call with a query is ARRAY (query).</summary>
    public static bool IsArray(FunctionCallSyntax call) =>
        call.Name.Parts is [{ IsQuoted: false, Name: var name }]
        && name.Equals("array", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// ARRAY (query) is the scalar query of array_agg over its rows, and empty if there are none.
    /// </summary>
    public static SubqueryExpressionSyntax OfQuery(FunctionCallSyntax call)
    {
        SourcePosition position = call.Position;
        NameSyntax Name(string name) =>
            new([new IdentifierSyntax(name, false) { Position = position }])
            {
                Position = position,
            };
        FunctionArgumentSyntax Argument(ExpressionSyntax value) =>
            new(null, value) { Position = position };
        var column = new ColumnReferenceSyntax(Name("element")) { Position = position };
        var gather = new FunctionCallSyntax(
            Name("array_agg"), [Argument(column)], false, false, null) { Position = position };
        var none = new LiteralExpressionSyntax(LiteralKind.Text, "{}") { Position = position };
        var whole = new FunctionCallSyntax(
            Name("coalesce"), [Argument(gather), Argument(none)], false, false, null)
        {
            Position = position,
        };
        var rows = new DerivedTableSyntax(
            call.Query!,
            new IdentifierSyntax("rows", false),
            [new IdentifierSyntax("element", false)])
        {
            Position = position,
        };
        var select = new SelectSyntax(
            false,
            [new ExpressionItemSyntax(whole, null, "array") { Position = position }],
            [rows],
            null,
            [],
            null)
        {
            Position = position,
        };
        return new SubqueryExpressionSyntax(
            new QuerySyntax([], select, [], null, null) { Position = position })
        {
            Position = position,
        };
    }
}
