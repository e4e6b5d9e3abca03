using System.Collections;
using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// STRUCTs as dictionaries by name, and MAPs as dictionaries by key; fields without names are f1,
/// f2 and so on.
/// </summary>
internal static class NestedFields
{
    /// <summary>
    /// A STRUCT or MAP as a dictionary of a type, BIT as a BitArray; null if it is none of these.
    /// </summary>
    public static object? TryGet(RowCursor cursor, int ordinal, Type type)
    {
        object? value = cursor.KindOf(ordinal) switch
        {
            TypeKind.Struct or TypeKind.Map when typeof(IDictionary).IsAssignableFrom(type)
                || (type.IsGenericType && type.IsInterface) => Box(cursor.GetNested(ordinal)),
            TypeKind.BitString when type == typeof(BitArray) => new BitArray(
                [.. cursor.GetString(ordinal).Select(static bit => bit == '1')]),
            _ => null,
        };
        return type.IsInstanceOfType(value) ? value : null;
    }

    /// <summary>A STRUCT or MAP as a dictionary.</summary>
    public static object Box(Value value)
    {
        if (value.Kind == TypeKind.Map)
        {
            var entries = new Dictionary<object, object?>();
            foreach (KeyValuePair<Value, Value> entry in MapCodec.Decode(value.AsBlob()))
            {
                entries[ArrayFields.Box(entry.Key)!] = ArrayFields.Box(entry.Value);
            }

            return entries;
        }

        var fields = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, Value> field in StructCodec.Decode(value.AsBlob()))
        {
            fields[field.Key.Length > 0 ? field.Key : $"f{fields.Count + 1}"] =
                ArrayFields.Box(field.Value);
        }

        return fields;
    }

    /// <summary>A dictionary as a STRUCT, if its keys are texts, or as a MAP; false if it is none.
    /// </summary>
    public static bool TryRead(object source, out Value value)
    {
        value = default;
        if (source is not IDictionary dictionary || dictionary.Count == 0)
        {
            return false;
        }

        var keys = new List<object>();
        var values = new List<Value>();
        foreach (DictionaryEntry entry in dictionary)
        {
            keys.Add(entry.Key);
            values.Add(ParameterConverter.ToValue(entry.Value));
        }

        if (keys.TrueForAll(static key => key is string))
        {
            DataType type = DataType.StructOf(null, [.. keys.Select((key, i) =>
                new KeyValuePair<string, DataType>(
                    (string)key, BoundVariant.TypeOf(values[i])))]);
            StructFields.Check(type.Fields, default);
            value = StructCodec.ToValue(type, values);
            return true;
        }

        List<Value> names = [.. keys.Select(ParameterConverter.ToValue)];
        DataType map = DataType.MapOf(CommonType(names), CommonType(values));
        value = MapCodec.ToValue(
            map,
            names.Zip(values, (name, item) => new KeyValuePair<Value, Value>(
                As(name, map.Fields[0].Value), As(item, map.Fields[1].Value))),
            default);
        return true;
    }

    private static Value As(Value value, DataType type) => ValueConverter.Convert(
        value, BoundVariant.TypeOf(value), type, CastKind.Assignment, default);

    private static DataType CommonType(IEnumerable<Value> values) => Coercion.CommonType(
        values.Select(static value => new ConstantExpression(value, BoundVariant.TypeOf(value))),
        "MAP",
        default);
}
