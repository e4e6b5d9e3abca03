namespace NeuroDb.Query;

/// <summary>The labels of ENUM types, named as in PostgreSQL and DuckDB.</summary>
internal static class EnumFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("enum_first", 1, 1, static call => Label(call, static type => 0)),
        new("enum_last", 1, 1, static call => Label(call, static type => type.Labels.Count - 1)),
        new("enum_range", 1, 2, Range),
        new("enum_range_boundary", 2, 2, Range),
        new("enum_code", 1, 1, static call =>
        {
            _ = TypeOf(call);
            return call.Make(
                DataType.Integer,
                RowLoops.Of<string, long>(static value => EnumValue.PlaceOf(value)),
                call.Arguments);
        }),
    ];

    private static ConstantExpression Label(FunctionCall call, Func<DataType, int> place)
    {
        DataType type = TypeOf(call);
        return type.Labels.Count == 0
            ? new ConstantExpression(Value.Null, type, call.Position)
            : new ConstantExpression(
                EnumLabels.ValueAt(type, place(type)), type, call.Position);
    }

    // enum_range(x) is all labels; with two arguments those between, and NULL is an end.
    private static Expression Range(FunctionCall call)
    {
        DataType type = TypeOf(call);
        DataType range = DataType.ArrayOf(type);
        Value Labels(int first, int last) => ArrayCodec.ToValue(
            TypeKind.Enum,
            Enumerable.Range(first, Math.Max(0, last - first + 1))
                .Select(place => EnumLabels.ValueAt(type, place)));
        int end = type.Labels.Count - 1;
        if (call.Count == 1)
        {
            return new ConstantExpression(Labels(0, end), range, call.Position);
        }

        return ArrayFunctions.Each(
            call,
            range,
            [.. call.Arguments.Select(one => Coercion.To(one, type, call.Position))],
            row => Labels(
                row[0].IsNull ? 0 : EnumValue.PlaceOf(row[0].AsText()),
                row[1].IsNull ? end : EnumValue.PlaceOf(row[1].AsText())),
            takesNull: true);
    }

    private static DataType TypeOf(FunctionCall call)
    {
        DataType type = Coercion.CommonType(call.Arguments, call.Name, call.Position);
        return type.Kind == TypeKind.Enum
            ? type
            : throw call.Mismatch(0, "a value of an ENUM, such as NULL::mood,");
    }
}
