using System.Buffers;
using System.Buffers.Binary;

namespace NeuroDb.Query;

/// <summary>
/// STRUCTs as bytes whose order within one type is that of the fields, one after the other, NULL
/// behind every value: how many fields there are in two bytes, and for each its name, its kind and
/// its value as <see cref="NestedBytes"/> writes it.
/// </summary>
internal static class StructCodec
{
    /// <summary>The value of a STRUCT; the values are of the kinds of its fields.</summary>
    public static Value ToValue(DataType type, IReadOnlyList<Value> values)
    {
        IReadOnlyList<KeyValuePair<string, DataType>> fields = type.Fields;
        Invariant.Check(fields.Count == values.Count);
        var writer = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteUInt16BigEndian(
            writer.GetSpan(sizeof(ushort)), (ushort)fields.Count);
        writer.Advance(sizeof(ushort));
        for (int i = 0; i < values.Count; i++)
        {
            TypeKind kind = fields[i].Value.Kind;
            NestedBytes.WriteText(writer, fields[i].Key);
            NestedBytes.Put(writer, (byte)kind);
            NestedBytes.Write(writer, kind, values[i]);
        }

        return Value.OfBytes(TypeKind.Struct, NestedBytes.Take(writer, "A STRUCT"));
    }

    /// <summary>How many fields a STRUCT has.</summary>
    public static int CountOf(byte[] bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>The names and values of all fields.</summary>
    public static List<KeyValuePair<string, Value>> Decode(byte[] bytes)
    {
        var fields = new List<KeyValuePair<string, Value>>(CountOf(bytes));
        int at = sizeof(ushort);
        for (int i = 0; i < fields.Capacity; i++)
        {
            string name = NestedBytes.ReadText(bytes.AsSpan(at));
            at = NestedBytes.EndOfText(bytes, at);
            var kind = (TypeKind)bytes[at++];
            fields.Add(new(name, NestedBytes.Read(kind, bytes, at)));
            at = NestedBytes.EndOf(kind, bytes, at);
        }

        return fields;
    }

    /// <summary>The value of a field by its place from 0.</summary>
    public static Value FieldAt(byte[] bytes, int place)
    {
        int at = sizeof(ushort);
        for (int i = 0; ; i++)
        {
            at = NestedBytes.EndOfText(bytes, at);
            var kind = (TypeKind)bytes[at++];
            if (i == place)
            {
                return NestedBytes.Read(kind, bytes, at);
            }

            at = NestedBytes.EndOf(kind, bytes, at);
        }
    }

    /// <summary>The type of a STRUCT as far as its bytes say.</summary>
    public static DataType TypeOf(byte[] bytes)
    {
        var fields = new List<KeyValuePair<string, DataType>>(CountOf(bytes));
        int at = sizeof(ushort);
        for (int i = 0; i < fields.Capacity; i++)
        {
            string name = NestedBytes.ReadText(bytes.AsSpan(at));
            at = NestedBytes.EndOfText(bytes, at);
            var kind = (TypeKind)bytes[at++];
            fields.Add(new(name, NestedArrays.TypeOf(kind, NestedBytes.Read(kind, bytes, at))));
            at = NestedBytes.EndOf(kind, bytes, at);
        }

        return DataType.StructOf(null, fields);
    }
}
