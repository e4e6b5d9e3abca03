using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Encodes a type in a record: its kind, length and scale, and the labels or fields of a type that
/// has any.
/// </summary>
internal static class TypeCodec
{
    /// <summary>Writes a type.</summary>
    public static void Encode(IBufferWriter<byte> writer, DataType type)
    {
        writer.WriteByte((byte)type.Kind);
        writer.WriteInt32(type.Length);
        writer.WriteByte(type.Scale);
        if (!DataType.HasShape(type.Innermost.Kind))
        {
            return;
        }

        TypeShape shape = type.Shape!;
        writer.WriteOptionalText(shape.Name);
        writer.WriteInt32(shape.Labels.Count);
        foreach (string label in shape.Labels)
        {
            writer.WriteText(label);
        }

        writer.WriteInt32(shape.Fields.Count);
        foreach ((string name, DataType field) in shape.Fields)
        {
            writer.WriteText(name);
            Encode(writer, field);
        }
    }

    /// <summary>At least the bytes that <see cref="Encode"/> writes.</summary>
    public static long SizeBytesMax(DataType type) => type.Shape is not { } shape
        ? 8
        : 32 + SchemaCodec.TextSizeBytesMax(shape.Name)
            + shape.Labels.Sum(SchemaCodec.TextSizeBytesMax)
            + shape.Fields.Sum(static field =>
                SchemaCodec.TextSizeBytesMax(field.Key) + SizeBytesMax(field.Value));

    /// <summary>Reads a type and checks that there is such a one.</summary>
    public static DataType Decode(RecordReader reader) => Decode(reader, 0);

    private static DataType Decode(RecordReader reader, int depth)
    {
        var kind = (TypeKind)reader.ReadByte();
        int length = reader.ReadInt32();
        byte scale = reader.ReadByte();
        reader.Check(Enum.IsDefined(kind), "a type");
        DataType type = DataType.FromParts(kind, length, scale);
        if (kind == TypeKind.Blob)
        {
            reader.Check(DataType.AreBlobParts(length, scale), "an image");
            return type;
        }

        DataType own = type.Innermost;
        if (DataType.HasShape(own.Kind))
        {
            type = DataType.FromParts(kind, length, scale, ReadShape(reader, own.Kind, depth));
        }

        CheckParts(reader, type, own);
        return type;
    }

    private static void CheckParts(RecordReader reader, DataType type, DataType own)
    {
        int lengthMax = own.IsVector ? Limits.VectorDimensionMax
            : own.Kind == TypeKind.BitString ? Limits.BitStringLengthMax
            : Limits.DecimalPrecisionMax;
        reader.Check(
            type.Length >= 0
            && (own.Kind is TypeKind.Integer or TypeKind.BigInt or TypeKind.Decimal
                ? DataType.AreNumberParts(own.Kind, own.Length, own.Scale)
                : own.Length <= lengthMax),
            "a length of the type");
        reader.Check(
            type.Kind != TypeKind.Array || type.ElementType.IsArrayElement,
            "a type of elements");
        reader.Check(type.Scale <= Limits.DecimalPrecisionMax, "a scale");
    }

    private static TypeShape ReadShape(RecordReader reader, TypeKind kind, int depth)
    {
        reader.Check(depth < Limits.TypeDepthMax, "types within the bound of depth");
        string? name = reader.ReadOptionalText();
        var labels = new string[reader.ReadCount(Limits.EnumLabelCountMax, "labels")];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = reader.ReadText();
        }

        var fields = new KeyValuePair<string, DataType>[
            reader.ReadCount(Limits.StructFieldCountMax, "fields")];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = new(reader.ReadText(), Decode(reader, depth + 1));
        }

        bool isWhole = kind switch
        {
            TypeKind.Enum => fields.Length == 0,
            TypeKind.Map => labels.Length == 0 && fields.Length == 2,
            _ => labels.Length == 0 && fields.Length > 0,
        };
        reader.Check(isWhole, "labels of an ENUM or fields of a STRUCT");
        return new TypeShape(name, labels, fields);
    }
}
