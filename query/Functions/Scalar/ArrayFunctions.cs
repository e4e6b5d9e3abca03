namespace NeuroDb.Query;

/// <summary>Functions of arrays, named as PostgreSQL's; places begin at 1.</summary>
internal static partial class ArrayFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("array_length", 1, 2, static call => call.Count == 1
            ? ExpressionFactory.Call("cardinality", call.Arguments, call.Position)
            : Number(call, static count => count)),
        new("array_upper", 2, 2, call => Number(call, static count => count)),
        new("array_lower", 2, 2, call => Number(call, static _ => 1)),
        new("array_ndims", 1, 1, call => Each(
            call, DataType.BigInt, [AnArray(call, 0)], static row =>
                NestedArrays.DepthOf(row[0].AsBlob()) is > 0 and var depth
                    ? Value.Of((long)depth)
                    : Value.Null)),
        new("flatten", 1, 1, Flatten),
        new("cardinality", 1, 1, call => call.TypeOf(0).Kind == TypeKind.Map
            ? MapFunctions.Count(call)
            : call.Make(
            DataType.BigInt,
            RowLoops.Of<byte[], long>(static array => ArrayCodec.CountOf(array)),
            [AnArray(call, 0)])),
        new("array_append", 2, 2, call => Join(call, 0, 1)),
        new("array_prepend", 2, 2, call => Join(call, 1, 0)),
        new("array_cat", 2, 2, Concatenate),
        new("array_remove", 2, 2, static call => OfElement(
            call, null, static (array, element) => ArrayCodec.ToValue(
                ArrayCodec.ElementOf(array),
                ArrayCodec.Decode(array).Where(item => !IsSame(item, element[0]))))),
        new("array_replace", 3, 3, static call => OfElement(
            call, null, static (array, element) => ArrayCodec.ToValue(
                ArrayCodec.ElementOf(array),
                ArrayCodec.Decode(array).Select(item =>
                    IsSame(item, element[0]) ? element[1] : item)))),
        new("array_position", 2, 3, Position),
        new("array_positions", 2, 2, static call => OfElement(
            call, DataType.ArrayOf(DataType.BigInt), static (array, element) =>
                ArrayCodec.ToValue(
                    TypeKind.BigInt,
                    ArrayCodec.Decode(array)
                        .Select((item, i) => (item, i))
                        .Where(pair => IsSame(pair.item, element[0]))
                        .Select(pair => Value.Of(pair.i + 1L))))),
        new("array_reverse", 1, 1, static call => Change(call, static items =>
        {
            items.Reverse();
            return items;
        })),
        new("array_sort", 1, 1, call => call.Make(call.TypeOf(0), SortAll, [AnArray(call, 0)])),
        new("trim_array", 2, 2, call => Each(
            call, call.TypeOf(0), [AnArray(call, 0), call.Whole(1)], static row => Value.OfBytes(
                TypeKind.Array,
                ArrayCodec.Slice(
                    row[0].AsBlob(),
                    1,
                    ArrayCodec.CountOf(row[0].AsBlob()) - Math.Max(0, row[1].AsInt64()))))),
        new("array_to_string", 2, 3, ToText),
        new("string_to_array", 2, 3, OfText),
        new("&&", 2, 2, static call => Test(call, static (left, right) =>
            left.Exists(item => Holds(right, item)))),
    ];

    /// <summary>a @> b of arrays: whether all elements of the second are in the first.</summary>
    public static Expression Contains(FunctionCall call) => Test(call, static (left, right) =>
        right.TrueForAll(item => Holds(left, item)));

    /// <summary>ARRAY[..]: the elements in their common type.</summary>
    public static Expression Make(IReadOnlyList<Expression> elements, SourcePosition position)
    {
        DataType common = Coercion.CommonType(elements, "ARRAY", position);
        if (common.Kind == TypeKind.Null)
        {
            Value nothing = ArrayCodec.ToValue(
                TypeKind.Null, elements.Select(static _ => Value.Null));
            return new ConstantExpression(nothing, DataType.UntypedArray, position);
        }

        DataType element = common.Kind switch
        {
            TypeKind.Score or TypeKind.Distance => DataType.Double,
            _ => common,
        };
        CheckElement(element, position);
        IReadOnlyList<Expression> converted =
            [.. elements.Select(item => Coercion.To(item, element, position))];
        return Each(
            new FunctionCall("array", converted, position),
            DataType.ArrayOf(element),
            converted,
            row => ArrayCodec.ToValue(element.Kind, row),
            takesNull: true);
    }

    /// <summary>Raises an error for a type that is not kept in arrays.</summary>
    public static void CheckElement(DataType element, SourcePosition position)
    {
        if (!element.IsArrayElement)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                element.Kind == TypeKind.Array
                    ? "Arrays lie at most 16 deep in each other."
                    : $"There are no arrays of {element}.",
                position);
        }
    }

    private static Expression AnArray(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind == TypeKind.Array
            ? call.Arguments[ordinal]
            : call.TypeOf(ordinal).Kind == TypeKind.Null
                ? Coercion.To(
                    call.Arguments[ordinal], DataType.ArrayOf(DataType.Text), call.Position)
                : throw call.Mismatch(ordinal, "an array");

    private static Expression Number(FunctionCall call, Func<long, long> find) => Each(
        call,
        DataType.BigInt,
        [AnArray(call, 0), call.Whole(1)],
        row => NestedArrays.CountOf(row[0].AsBlob(), row[1].AsInt64()) is { } count
            ? Value.Of(find(count))
            : Value.Null);

    // An element at the end or, if its argument comes first, at the beginning.
    private static Expression Join(FunctionCall call, int array, int element)
    {
        (DataType type, Expression[] arguments) = Meet(call, array, element);
        return Each(
            call,
            type,
            arguments,
            row =>
            {
                Value[] one = [row[1]];
                IEnumerable<Value> items = row[0].IsNull
                    ? []
                    : ArrayCodec.Decode(row[0].AsBlob());
                return ArrayCodec.ToValue(
                    type.ElementType.Kind,
                    array < element ? items.Concat(one) : one.Concat(items));
            },
            takesNull: true);
    }

    private static Expression OfElement(
        FunctionCall call, DataType? result, Func<byte[], Value[], Value> compute)
    {
        (DataType type, Expression[] arguments) =
            Meet(call, 0, [.. Enumerable.Range(1, call.Count - 1)]);
        return Each(
            call,
            result ?? type,
            arguments,
            row => row[0].IsNull ? Value.Null : compute(row[0].AsBlob(), row[1..]),
            takesNull: true);
    }

    private static Expression Position(FunctionCall call)
    {
        (_, Expression[] arguments) = Meet(call, 0, 1);
        Expression start = call.Count > 2
            ? call.Whole(2)
            : new ConstantExpression(Value.Of(1L), DataType.BigInt, call.Position);
        return Each(
            call,
            DataType.BigInt,
            [.. arguments, start],
            static row =>
            {
                if (row[0].IsNull || row[2].IsNull)
                {
                    return Value.Null;
                }

                List<Value> items = ArrayCodec.Decode(row[0].AsBlob());
                int from = (int)Math.Clamp(row[2].AsInt64() - 1, 0, items.Count);
                int found = items.FindIndex(from, item => IsSame(item, row[1]));
                return found < 0 ? Value.Null : Value.Of(found + 1L);
            },
            takesNull: true);
    }

    private static Expression Change(
        FunctionCall call, Func<List<Value>, IEnumerable<Value>> change) => Each(
            call,
            call.TypeOf(0),
            [AnArray(call, 0)],
            row => ArrayCodec.ToValue(
                ArrayCodec.ElementOf(row[0].AsBlob()),
                change(ArrayCodec.Decode(row[0].AsBlob()))));

    private static ColumnBuffer SortAll(ColumnBuffer[] columns, FunctionRun run) =>
        RowLoops.Of<byte[], byte[]>(array => Sorted(array, run.Context))(columns, run);

    private static byte[] Sorted(byte[] array, ExecutionContext? context)
    {
        List<Value> items = ArrayCodec.Decode(array);
        int[] order = [.. Enumerable.Range(0, items.Count)];
        CheckedSort.Sort(
            order,
            (left, right) => ArrayElementOrder.Instance.Compare(items[left], items[right]),
            () => context?.ThrowIfCancelled());
        var sorted = order.Select(place => items[place]);
        return ArrayCodec.Encode(ArrayCodec.ElementOf(array), sorted);
    }

    private static Expression ToText(FunctionCall call)
    {
        Expression[] arguments = [AnArray(call, 0), call.Text(1), .. call.Count > 2
            ? [call.Text(2)]
            : Array.Empty<Expression>()];
        return Each(
            call,
            DataType.Text,
            arguments,
            static row =>
            {
                if (row[0].IsNull || row[1].IsNull)
                {
                    return Value.Null;
                }

                string? instead = row.Length > 2 && !row[2].IsNull ? row[2].AsText() : null;
                return Value.Of(string.Join(
                    row[1].AsText(),
                    ArrayCodec.Decode(row[0].AsBlob())
                        .Where(item => !item.IsNull || instead is not null)
                        .Select(item => item.IsNull ? instead : ValueText.Format(item))));
            },
            takesNull: true);
    }

    private static Expression OfText(FunctionCall call)
    {
        Expression[] arguments = [call.Text(0), call.Text(1), .. call.Count > 2
            ? [call.Text(2)]
            : Array.Empty<Expression>()];
        return Each(
            call,
            DataType.ArrayOf(DataType.Text),
            arguments,
            static row =>
            {
                if (row[0].IsNull)
                {
                    return Value.Null;
                }

                string text = row[0].AsText();
                IEnumerable<string> parts = text.Length == 0 ? []
                    : row[1].IsNull ? text.EnumerateRunes().Select(rune => rune.ToString())
                    : row[1].AsText().Length == 0 ? [text]
                    : text.Split(row[1].AsText(), StringSplitOptions.None);
                string? missing = row.Length > 2 && !row[2].IsNull ? row[2].AsText() : null;
                return ArrayCodec.ToValue(
                    TypeKind.Text,
                    parts.Select(part => part == missing ? Value.Null : Value.Of(part)));
            },
            takesNull: true);
    }

    private static Expression Test(FunctionCall call, Func<List<Value>, List<Value>, bool> test)
    {
        DataType type = Coercion.CommonType(call.Arguments, call.Name, call.Position);
        return type.Kind != TypeKind.Array
            ? throw call.Mismatch(0, "an array")
            : call.Make(
                DataType.Boolean,
                RowLoops.Of<byte[], byte[], long>((left, right) =>
                    test(ArrayCodec.Decode(left), ArrayCodec.Decode(right)) ? 1 : 0),
                [
                    Coercion.To(call.Arguments[0], type, call.Position),
                    Coercion.To(call.Arguments[1], type, call.Position),
                ]);
    }

    // An array and elements in the types in which they meet.
    private static (DataType Type, Expression[] Arguments) Meet(
        FunctionCall call, int array, params int[] elements)
    {
        Expression operand = call.Arguments[array];
        Expression[] items = [.. elements.Select(i => call.Arguments[i])];
        DataType element = operand.Type.ElementType;
        foreach (Expression item in items)
        {
            if (!Coercion.IsFlexible(item) || element.Kind == TypeKind.Null)
            {
                element = Coercion.TryCommon(element, item.Type, out DataType common)
                    ? common
                    : throw Coercion.Mismatch(call.Name, operand.Type, item.Type, call.Position);
            }
        }

        CheckElement(element, call.Position);
        DataType type = DataType.ArrayOf(element);
        if (operand.Type.Kind != TypeKind.Array && !Coercion.IsFlexible(operand))
        {
            throw call.Mismatch(array, "an array");
        }

        return (type,
        [
            Coercion.To(operand, type, call.Position),
            .. items.Select(item => Coercion.To(item, element, call.Position)),
        ]);
    }

    internal static Expression Each(
        FunctionCall call,
        DataType type,
        IReadOnlyList<Expression> arguments,
        Func<Value[], Value> compute,
        bool takesNull = false) => call.Make(
            type,
            (columns, run) =>
            {
                ColumnBuilder builder = ColumnBuilder.Create(type, run.Count);
                for (int row = 0; row < run.Count; row++)
                {
                    var values = new Value[columns.Length];
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = columns[i].GetValue(columns[i].Count == 1 ? 0 : row);
                    }

                    bool isNull = !takesNull && Array.Exists(values, value => value.IsNull);
                    builder.Append(isNull ? Value.Null : compute(values));
                }

                return builder.Build();
            },
            arguments);

    private static bool IsArrayText(Expression expression) =>
        expression is ConstantExpression { Value: var value }
            && (value.IsNull || (value.Kind == TypeKind.Text && value.AsText().StartsWith('{')));

    private static bool Holds(List<Value> items, Value sought) =>
        !sought.IsNull && items.Exists(item => !item.IsNull && IsSame(item, sought));

    private static bool IsSame(Value left, Value right) =>
        left.IsNull || right.IsNull
            ? left.IsNull && right.IsNull
            : ArrayElementOrder.Instance.Compare(left, right) == 0;
}
