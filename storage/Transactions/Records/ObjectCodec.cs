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
            kind > 0 && name.Length is > 0 and <= Limits.NameLengthMax, "an object with a name");
        if (!Enum.IsDefined(kind))
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The database has an object of kind {(int)kind}, {name}, which this version of "
                + "NeuroStore does not know. Open it with the version that wrote it.");
        }

        return new CatalogObject(kind, name, string.Empty);
    }
}
