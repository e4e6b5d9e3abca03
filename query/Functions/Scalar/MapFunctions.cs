namespace NeuroDb.Query;

/// <summary>MAPs: made of keys and values, and looked into.</summary>
internal static class MapFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("map", 0, 2, OfArrays),
        new("map_from_entries", 1, 1, OfEntries),
        new("map_keys", 1, 1, static call => Each(
            call, KeyOf(call), static entries => entries.Select(static one => one.Key))),
        new("map_values", 1, 1, static call => Each(
            call, ValueOf(call), static entries => entries.Select(static one => one.Value))),
        new("map_entries", 1, 1, Entries),
        new("map_extract", 2, 2, static call =>
        {
            (Expression map, Expression key) = Lookup(
                call.Arguments[0], call.Arguments[1], call.Position);
            DataType type = DataType.ArrayOf(map.Type.Fields[1].Value);
            return ArrayFunctions.Each(call, type, [map, key], row => ArrayCodec.ToValue(
                type.ElementType.Kind,
                MapCodec.TryFind(row[0].AsBlob(), row[1], out Value found) ? [found] : []));
        }),
        new("element_at", 2, 2, static call =>
            Element(call.Arguments[0], call.Arguments[1], call.Position)),
        new("map_extract_value", 2, 2, static call =>
            Element(call.Arguments[0], call.Arguments[1], call.Position)),
        new("map_contains", 2, 2, static call =>
        {
            (Expression map, Expression key) = Lookup(
                call.Arguments[0], call.Arguments[1], call.Position);
            return ArrayFunctions.Each(call, DataType.Boolean, [map, key], static row =>
                Value.Of(MapCodec.TryFind(row[0].AsBlob(), row[1], out _)));
        }),
        new("map_concat", 1, 100, Concatenate),
    ];

    /// <summary>MAP {k: v}: keys and values in their common types.</summary>
    public static Expression Make(
        IReadOnlyList<Expression> keys,
        IReadOnlyList<Expression> values,
        SourcePosition position)
    {
        DataType key = StoredType(Coercion.CommonType(keys, "MAP", position));
        DataType value = StoredType(Coercion.CommonType(values, "MAP", position));
        DataType type = DataType.MapOf(key, value);
        Expression[] arguments =
        [
            .. keys.Select(one => Coercion.To(one, key, position)),
            .. values.Select(one => Coercion.To(one, value, position)),
        ];
        if (arguments.Length == 0)
        {
            return new ConstantExpression(
                MapCodec.ToValue(type, [], position), type, position);
        }

        return ArrayFunctions.Each(
            new FunctionCall("map", arguments, position),
            type,
            arguments,
            row => MapCodec.ToValue(
                type,
                Enumerable.Range(0, keys.Count).Select(i =>
                    new KeyValuePair<Value, Value>(row[i], row[keys.Count + i])),
                position),
            takesNull: true);
    }

    /// <summary>m[key], element_at(m, key): the value of a key, or NULL.</summary>
    public static Expression Element(Expression map, Expression key, SourcePosition position)
    {
        (map, key) = Lookup(map, key, position);
        return ArrayFunctions.Each(
            new FunctionCall("element_at", [map, key], position),
            map.Type.Fields[1].Value,
            [map, key],
            static row => MapCodec.TryFind(row[0].AsBlob(), row[1], out Value value)
                ? value
                : Value.Null);
    }

    /// <summary>Scores and distances are kept as numbers.</summary>
    public static DataType StoredType(DataType type) =>
        type.Kind is TypeKind.Score or TypeKind.Distance ? DataType.Double : type.WithoutCollation;

    /// <summary>How many entries a MAP has.</summary>
    public static Expression Count(FunctionCall call) => ArrayFunctions.Each(
        call,
        DataType.BigInt,
        [AMap(call.Arguments[0], call.Position)],
        static row => Value.Of((long)MapCodec.Decode(row[0].AsBlob()).Count));

    private static Expression OfArrays(FunctionCall call)
    {
        if (call.Count != 2)
        {
            return call.Count == 0
                ? Make([], [], call.Position)
                : throw call.Mismatch(0, "an array of keys and one of values");
        }

        DataType ElementOf(int i) => call.TypeOf(i).Kind == TypeKind.Array
            ? call.TypeOf(i).ElementType
            : throw call.Mismatch(i, "an array");
        DataType type = DataType.MapOf(ElementOf(0), ElementOf(1));
        return ArrayFunctions.Each(call, type, call.Arguments, row =>
        {
            List<Value> keys = ArrayCodec.Decode(row[0].AsBlob());
            List<Value> values = ArrayCodec.Decode(row[1].AsBlob());
            return keys.Count == values.Count
                ? MapCodec.ToValue(
                    type,
                    keys.Zip(values, static (key, value) =>
                        new KeyValuePair<Value, Value>(key, value)),
                    call.Position)
                : throw new NeuroStoreException(
                    ErrorCode.InvalidConversion,
                    $"A MAP is made of as many keys as values; here are {keys.Count} keys and "
                    + $"{values.Count} values.",
                    call.Position);
        });
    }

    private static Expression OfEntries(FunctionCall call)
    {
        if (call.TypeOf(0).ElementType is not { Kind: TypeKind.Struct, Fields.Count: 2 } entry)
        {
            throw call.Mismatch(0, "an array of STRUCTs of a key and a value");
        }

        DataType type = DataType.MapOf(entry.Fields[0].Value, entry.Fields[1].Value);
        return ArrayFunctions.Each(call, type, call.Arguments, row => MapCodec.ToValue(
            type,
            ArrayCodec.Decode(row[0].AsBlob()).Where(static one => !one.IsNull)
                .Select(static one => new KeyValuePair<Value, Value>(
                    StructCodec.FieldAt(one.AsBlob(), 0), StructCodec.FieldAt(one.AsBlob(), 1))),
            call.Position));
    }

    private static Expression Entries(FunctionCall call)
    {
        Expression map = AMap(call.Arguments[0], call.Position);
        DataType entry = DataType.StructOf(null, map.Type.Fields);
        return Each(call, entry, entries => entries.Select(one =>
            StructCodec.ToValue(entry, [one.Key, one.Value])));
    }

    // Of keys that are in more than one MAP the last counts.
    private static Expression Concatenate(FunctionCall call)
    {
        DataType type = Coercion.CommonType(call.Arguments, call.Name, call.Position);
        if (type.Kind != TypeKind.Map)
        {
            throw call.Mismatch(0, "a MAP");
        }

        Expression[] maps =
            [.. call.Arguments.Select(one => Coercion.To(one, type, call.Position))];
        return ArrayFunctions.Each(
            call,
            type,
            maps,
            row =>
            {
                var entries = new List<KeyValuePair<Value, Value>>();
                foreach (KeyValuePair<Value, Value> entry in row
                    .Where(static map => !map.IsNull)
                    .SelectMany(static map => MapCodec.Decode(map.AsBlob())))
                {
                    int known = entries.FindIndex(one =>
                        ArrayElementOrder.Instance.Compare(one.Key, entry.Key) == 0);
                    if (known < 0)
                    {
                        entries.Add(entry);
                    }
                    else
                    {
                        entries[known] = entry;
                    }
                }

                return MapCodec.ToValue(type, entries, call.Position);
            },
            takesNull: true);
    }

    private static Expression Each(
        FunctionCall call,
        DataType element,
        Func<List<KeyValuePair<Value, Value>>, IEnumerable<Value>> take) =>
        ArrayFunctions.Each(
            call,
            DataType.ArrayOf(element),
            call.Arguments,
            row => ArrayCodec.ToValue(element.Kind, take(MapCodec.Decode(row[0].AsBlob()))));

    private static (Expression Map, Expression Key) Lookup(
        Expression map, Expression key, SourcePosition position)
    {
        AMap(map, position);
        DataType type = map.Type.Fields[0].Value;
        bool fits = Coercion.IsFlexible(key)
            || (Coercion.TryCommon(type, key.Type, out _) && Coercion.CanCast(key.Type, type));
        return fits || type.Kind == TypeKind.Null
            ? (map, Coercion.To(key, type, position))
            : throw Coercion.Mismatch("A key of a MAP", type, key.Type, position);
    }

    private static DataType KeyOf(FunctionCall call) =>
        AMap(call.Arguments[0], call.Position).Type.Fields[0].Value;

    private static DataType ValueOf(FunctionCall call) =>
        AMap(call.Arguments[0], call.Position).Type.Fields[1].Value;

    private static Expression AMap(Expression operand, SourcePosition position) =>
        operand.Type.Kind == TypeKind.Map
            ? operand
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"A MAP is expected; {operand} is {operand.Type}.",
                position);
}
