using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>Encodes the schema of a table in a record.</summary>
internal static class SchemaCodec
{
    /// <summary>Writes a schema.</summary>
    public static void Encode(IBufferWriter<byte> writer, TableSchema schema)
    {
        writer.WriteText(schema.Name);
        writer.WriteInt32(schema.Columns.Count);
        foreach (ColumnSchema column in schema.Columns)
        {
            writer.WriteText(column.Name);
            TypeCodec.Encode(writer, column.Type);
            writer.WriteByte(column.IsNullable ? (byte)1 : (byte)0);
            writer.WriteOptionalText(column.DefaultSql);
        }

        writer.WriteInt32(schema.Keys.Count);
        foreach (KeySchema key in schema.Keys)
        {
            writer.WriteText(key.Name);
            writer.WriteByte(key.IsPrimary ? (byte)1 : (byte)0);
            writer.WriteInt32(key.Ordinals.Length);
            writer.WriteRaw<int>(key.Ordinals);
        }

        writer.WriteInt32(schema.Checks.Count);
        foreach (CheckSchema check in schema.Checks)
        {
            writer.WriteText(check.Name);
            writer.WriteText(check.Sql);
        }

        writer.WriteInt32(schema.IdentityOrdinal);
    }

    /// <summary>At least the bytes that <see cref="Encode"/> writes.</summary>
    public static long SizeBytesMax(TableSchema schema)
    {
        long size = TextSizeBytesMax(schema.Name);
        foreach (ColumnSchema column in schema.Columns)
        {
            size += TextSizeBytesMax(column.Name) + TextSizeBytesMax(column.DefaultSql)
                + TypeCodec.SizeBytesMax(column.Type);
        }

        foreach (KeySchema key in schema.Keys)
        {
            size += TextSizeBytesMax(key.Name) + ((long)key.Ordinals.Length * sizeof(int));
        }

        foreach (CheckSchema check in schema.Checks)
        {
            size += TextSizeBytesMax(check.Name) + TextSizeBytesMax(check.Sql);
        }

        return size;
    }

    /// <summary>Reads a schema and checks that it makes sense.</summary>
    public static TableSchema Decode(RecordReader reader)
    {
        string name = reader.ReadText();
        reader.Check(name.Length is > 0 and <= Limits.NameLengthMax, "a name");
        var columns = new ColumnSchema[reader.ReadCount(Limits.ColumnCountMax, "columns")];
        reader.Check(columns.Length > 0, "a column");
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = DecodeColumn(reader);
        }

        var keys = new KeySchema[reader.ReadCount(Limits.KeyCountMax, "keys")];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = DecodeKey(reader, columns);
        }

        var checks = new CheckSchema[reader.ReadCount(Limits.CheckCountMax, "checks")];
        for (int i = 0; i < checks.Length; i++)
        {
            checks[i] = new CheckSchema(reader.ReadText(), reader.ReadText());
        }

        int identity = reader.ReadInt32();
        reader.Check(identity >= -1 && identity < columns.Length, "a column ordinal");
        reader.Check(
            identity < 0 || columns[identity].Type.IsInteger, "a whole-number identity column");
        return new TableSchema
        {
            Name = name,
            Columns = columns,
            Keys = keys,
            Checks = checks,
            IdentityOrdinal = identity,
        };
    }

    // A UTF-16 unit takes at most three bytes; the rest is for the numbers beside the text.
    internal static long TextSizeBytesMax(string? text) => 32 + (3L * (text?.Length ?? 0));

    private static ColumnSchema DecodeColumn(RecordReader reader)
    {
        string name = reader.ReadText();
        DataType type = TypeCodec.Decode(reader);
        byte isNullable = reader.ReadByte();
        reader.Check(isNullable <= 1, "a mark of 0 or 1");
        return new ColumnSchema(name, type, isNullable == 1, reader.ReadOptionalText());
    }

    private static KeySchema DecodeKey(RecordReader reader, ColumnSchema[] columns)
    {
        string name = reader.ReadText();
        byte isPrimary = reader.ReadByte();
        reader.Check(isPrimary <= 1, "a mark of 0 or 1");
        var ordinals = new int[reader.ReadCount(columns.Length, "key columns")];
        reader.ReadRaw(ordinals.AsSpan());
        reader.Check(ordinals.Length > 0, "a key column");
        foreach (int ordinal in ordinals)
        {
            reader.Check(
                (uint)ordinal < (uint)columns.Length
                && !columns[ordinal].Type.IsVector,
                "a key column");
        }

        return new KeySchema(name, ordinals, isPrimary == 1);
    }
}
