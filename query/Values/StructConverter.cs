namespace NeuroDb.Query;

/// <summary>Converts STRUCTs and MAPs, field by field, and from and to JSON.</summary>
internal static class StructConverter
{
    /// <summary>Whether a type is a STRUCT or MAP.</summary>
    public static bool Is(DataType type) => type.Kind is TypeKind.Struct or TypeKind.Map;

    /// <summary>Whether CAST converts between types of which one is a STRUCT or MAP.</summary>
    public static bool CanCast(DataType from, DataType to) =>
        (Is(from) && to.Kind is TypeKind.Text or TypeKind.Json)
        || (Is(to) && from.Kind is TypeKind.Text or TypeKind.Json or TypeKind.Null)
        || Fits(from, to, Coercion.CanCast);

    /// <summary>Whether a column of a type takes another, of which one is a STRUCT or MAP.
    /// </summary>
    public static bool CanAssign(DataType from, DataType to) =>
        from.Kind == TypeKind.Null || to.Kind == TypeKind.Text
        || Fits(from, to, Coercion.CanAssign);

    /// <summary>The type that two STRUCTs or two MAPs meet in, if any.</summary>
    public static bool TryCommon(DataType left, DataType right, out DataType common)
    {
        common = default;
        if (left.Kind != right.Kind || left.Fields.Count != right.Fields.Count)
        {
            return false;
        }

        int[]? places = StructFields.Match(right, left);
        var fields = new KeyValuePair<string, DataType>[left.Fields.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            (string name, DataType field) = left.Fields[i];
            (string other, DataType second) = right.Fields[places![i]];
            if (!Coercion.TryCommon(field, second, out DataType met))
            {
                return false;
            }

            fields[i] = new(name.Length > 0 ? name : other, met);
        }

        common = left.Kind == TypeKind.Map
            ? DataType.MapOf(fields[0].Value, fields[1].Value)
            : DataType.StructOf(left.Shape!.Name ?? right.Shape!.Name, fields);
        return true;
    }

    /// <summary>Converts a value of which the type or the target is a STRUCT or MAP.</summary>
    public static Value Convert(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        if (!Is(from))
        {
            return StructText.Parse(value.AsText(), to, position);
        }

        if (!Is(to))
        {
            return to.Kind == TypeKind.Json
                ? Value.OfJson(JsonBuildFunctions.TextOf(value))
                : Value.Of(ValueText.Format(value));
        }

        Value Each(Value item, DataType source, DataType target) => source == target
            ? item
            : ValueConverter.Convert(item, source, target, kind, position);
        if (to.Kind == TypeKind.Map)
        {
            return MapCodec.ToValue(
                to,
                MapCodec.Decode(value.AsBlob()).Select(entry => new KeyValuePair<Value, Value>(
                    Each(entry.Key, from.Fields[0].Value, to.Fields[0].Value),
                    Each(entry.Value, from.Fields[1].Value, to.Fields[1].Value))),
                position);
        }

        List<KeyValuePair<string, Value>> fields = StructCodec.Decode(value.AsBlob());
        int[] places = StructFields.Match(from, to)!;
        return StructCodec.ToValue(
            to,
            [.. places.Select((place, i) => Each(
                fields[place].Value, from.Fields[place].Value, to.Fields[i].Value))]);
    }

    private static bool Fits(
        DataType from, DataType to, Func<DataType, DataType, bool> converts)
    {
        if (from.Kind != to.Kind || !Is(from)
            || StructFields.Match(from, to) is not { } places)
        {
            return false;
        }

        for (int i = 0; i < places.Length; i++)
        {
            if (!converts(from.Fields[places[i]].Value, to.Fields[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}
