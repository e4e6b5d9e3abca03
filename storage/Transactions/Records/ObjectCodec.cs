using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>Encodes a view, trigger or sequence in a record and in the manifest.</summary>
internal static class ObjectCodec
{
    /// <summary>Writes an object.</summary>
    public static void Encode(IBufferWriter<byte> writer, CatalogObject value)
    {
        EncodeName(writer, value);
        writer.WriteText(value.Sql);
    }

    /// <summary>Writes only what tells the object from others.</summary>
    public static void EncodeName(IBufferWriter<byte> writer, CatalogObject value)
    {
        writer.WriteByte((byte)value.Kind);
        writer.WriteText(value.Name);
    }

    /// <summary>Reads an object.</summary>
    public static CatalogObject Decode(RecordReader reader) =>
        DecodeName(reader) with { Sql = reader.ReadText() };

    /// <summary>Reads what <see cref="EncodeName"/> wrote; the text is empty.</summary>
    public static CatalogObject DecodeName(RecordReader reader)
    {
        var kind = (CatalogObjectKind)reader.ReadByte();
        string name = reader.ReadText();
        reader.Check(
            Enum.IsDefined(kind) && name.Length is > 0 and <= Limits.NameLengthMax,
            "an object with a name");
        return new CatalogObject(kind, name, string.Empty);
    }
}
