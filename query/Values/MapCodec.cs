using System.Buffers;

namespace NeuroDb.Query;

/// <summary>
/// MAPs as bytes: the kinds of the keys and of the values, and then key and value in turns as
/// <see cref="NestedBytes"/> writes them. The entries keep the order in which they were given.
/// </summary>
internal static class MapCodec
{
    /// <summary>The value of a MAP; of keys that are equal an error tells.</summary>
    public static Value ToValue(
        DataType type, IEnumerable<KeyValuePair<Value, Value>> entries, SourcePosition position)
    {
        TypeKind key = type.Fields[0].Value.Kind;
        TypeKind value = type.Fields[1].Value.Kind;
        var writer = new ArrayBufferWriter<byte>();
        NestedBytes.Put(writer, (byte)key);
        NestedBytes.Put(writer, (byte)value);
        var seen = new SortedSet<Value>(ArrayElementOrder.Instance);
        foreach (KeyValuePair<Value, Value> entry in entries)
        {
            if (entry.Key.IsNull || !seen.Add(entry.Key))
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidConversion,
                    entry.Key.IsNull
                        ? "A key of a MAP is NULL."
                        : $"Two keys of a MAP are {ValueText.Format(entry.Key)}.",
                    position);
            }

            NestedBytes.Write(writer, key, entry.Key);
            NestedBytes.Write(writer, value, entry.Value);
        }

        return Value.OfBytes(TypeKind.Map, NestedBytes.Take(writer, "A MAP"));
    }

    /// <summary>The keys and values.</summary>
    public static List<KeyValuePair<Value, Value>> Decode(byte[] bytes)
    {
        var entries = new List<KeyValuePair<Value, Value>>();
        var key = (TypeKind)bytes[0];
        var value = (TypeKind)bytes[1];
        for (int at = 2; at < bytes.Length;)
        {
            Value first = NestedBytes.Read(key, bytes, at);
            at = NestedBytes.EndOf(key, bytes, at);
            entries.Add(new(first, NestedBytes.Read(value, bytes, at)));
            at = NestedBytes.EndOf(value, bytes, at);
        }

        return entries;
    }

    /// <summary>The value of a key, or NULL; and whether there is such a key.</summary>
    public static bool TryFind(byte[] bytes, Value key, out Value value)
    {
        foreach (KeyValuePair<Value, Value> entry in Decode(bytes))
        {
            if (ArrayElementOrder.Instance.Compare(entry.Key, key) == 0)
            {
                value = entry.Value;
                return true;
            }
        }

        value = Value.Null;
        return false;
    }

    /// <summary>The type of a MAP as far as its bytes say.</summary>
    public static DataType TypeOf(byte[] bytes)
    {
        KeyValuePair<Value, Value> first = Decode(bytes).FirstOrDefault();
        return DataType.MapOf(
            NestedArrays.TypeOf((TypeKind)bytes[0], first.Key),
            NestedArrays.TypeOf((TypeKind)bytes[1], first.Value));
    }
}
