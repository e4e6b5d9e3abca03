namespace NeuroDb.Query;

/// <summary>Arrays as sets, and arrays made longer or shorter, under DuckDB's names.</summary>
internal static partial class ArrayFunctions
{
    private const int CountMax = 10_000_000;

    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] FurtherDefinitions =
    [
        new("array_distinct", 1, 1, static call => Change(call, Distinct)),
        new("array_union", 2, 2, static call => Sets(call, static (left, right) =>
            Distinct([.. left, .. right]))),
        new("array_intersect", 2, 2, static call => Sets(call, static (left, right) =>
            Distinct(left.FindAll(item => Holds(right, item))))),
        new("array_except", 2, 2, static call => Sets(call, static (left, right) =>
            Distinct(left.FindAll(item => !Holds(right, item))))),
        new("array_has_all", 2, 2, Contains),
        new("array_repeat", 2, 2, Repeat),
        new("array_resize", 2, 3, Resize),
        new("array_pop_back", 1, 1, static call => Change(call, static items =>
            items.Take(items.Count - 1))),
        new("array_pop_front", 1, 1, static call => Change(call, static items =>
            items.Skip(1))),
        new("array_empty", 1, 1, static call => call.Make(
            DataType.Boolean,
            RowLoops.Of<byte[], long>(static array => ArrayCodec.CountOf(array) == 0 ? 1 : 0),
            [AnArray(call, 0)])),
        new("array_max", 1, 1, static call => Extreme(call, 1)),
        new("array_min", 1, 1, static call => Extreme(call, -1)),
    ];

    private static IEnumerable<Value> Distinct(List<Value> items)
    {
        var kept = new List<Value>(items.Count);
        kept.AddRange(items.Where((item, i) => items.FindIndex(one => IsSame(one, item)) == i));
        return kept;
    }

    private static Expression Sets(
        FunctionCall call, Func<List<Value>, List<Value>, IEnumerable<Value>> combine)
    {
        DataType type = Coercion.CommonType(call.Arguments, call.Name, call.Position);
        return type.Kind != TypeKind.Array
            ? throw call.Mismatch(0, "an array")
            : Each(
                call,
                type,
                [
                    Coercion.To(call.Arguments[0], type, call.Position),
                    Coercion.To(call.Arguments[1], type, call.Position),
                ],
                row => ArrayCodec.ToValue(
                    type.Typed.ElementType.Kind,
                    combine(
                        ArrayCodec.Decode(row[0].AsBlob()), ArrayCodec.Decode(row[1].AsBlob()))));
    }

    private static Expression Repeat(FunctionCall call)
    {
        DataType element = call.TypeOf(0).Kind == TypeKind.Null
            ? DataType.Text
            : call.TypeOf(0).Typed;
        CheckElement(element, call.Position);
        return Each(
            call,
            DataType.ArrayOf(element),
            [Coercion.To(call.Arguments[0], element, call.Position), call.Whole(1)],
            row => row[1].IsNull
                ? Value.Null
                : ArrayCodec.ToValue(
                    element.Kind, Enumerable.Repeat(row[0], Count(row[1].AsInt64()))),
            takesNull: true);
    }

    private static Expression Resize(FunctionCall call)
    {
        (DataType type, Expression[] arguments) = call.Count > 2
            ? Meet(call, 0, 2)
            : (call.TypeOf(0).Typed, [AnArray(call, 0)]);
        return Each(
            call,
            type,
            [.. arguments, call.Whole(1)],
            row =>
            {
                if (row[0].IsNull || row[^1].IsNull)
                {
                    return Value.Null;
                }

                List<Value> items = ArrayCodec.Decode(row[0].AsBlob());
                int count = Count(row[^1].AsInt64());
                Value fill = row.Length > 2 ? row[1] : Value.Null;
                return ArrayCodec.ToValue(
                    type.ElementType.Kind,
                    items.Take(count).Concat(
                        Enumerable.Repeat(fill, Math.Max(0, count - items.Count))));
            },
            takesNull: true);
    }

    private static int Count(long count) => count <= CountMax
        ? (int)Math.Max(0, count)
        : throw new NeuroStoreException(
            ErrorCode.ResourceLimit,
            $"An array of {count} elements is asked for; there may be "
            + $"{CountMax}.");

    private static Expression Extreme(FunctionCall call, int sign) => Each(
        call,
        AnArray(call, 0).Type.Typed.ElementType,
        [AnArray(call, 0)],
        row =>
        {
            Value best = Value.Null;
            foreach (Value item in ArrayCodec.Decode(row[0].AsBlob()))
            {
                if (!item.IsNull && (best.IsNull
                    || sign * ArrayElementOrder.Instance.Compare(item, best) > 0))
                {
                    best = item;
                }
            }

            return best;
        });
}
