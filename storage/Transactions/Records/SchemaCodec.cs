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
            writer.WriteByte((byte)column.Type.Kind);
            writer.WriteInt32(column.Type.Length);
            writer.WriteByte(column.Type.Scale);
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
            size += TextSizeBytesMax(column.Name) + TextSizeBytesMax(column.DefaultSql);
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
    private static long TextSizeBytesMax(string? text) => 32 + (3L * (text?.Length ?? 0));

    private static ColumnSchema DecodeColumn(RecordReader reader)
    {
        string name = reader.ReadText();
        var kind = (TypeKind)reader.ReadByte();
        int length = reader.ReadInt32();
        byte scale = reader.ReadByte();
        byte isNullable = reader.ReadByte();
        reader.Check(Enum.IsDefined(kind), "a type");
        if (kind == TypeKind.Blob)
        {
            reader.Check(DataType.AreBlobParts(length, scale) && isNullable <= 1, "an image");
            return new ColumnSchema(
                name,
                DataType.FromParts(kind, length, scale),
                isNullable == 1,
                reader.ReadOptionalText());
        }

        int lengthMax = DataType.FromParts(kind, 0, 0).IsVector
            ? Limits.VectorDimensionMax
            : Limits.DecimalPrecisionMax;
        DataType own = DataType.FromParts(kind, length, scale);
        own = own.Innermost;
        reader.Check(
            length >= 0 && (own.Kind is TypeKind.Integer or TypeKind.BigInt or TypeKind.Decimal
                ? DataType.AreNumberParts(own.Kind, own.Length, own.Scale)
                : own.Length <= lengthMax),
            "a length of the type");
        reader.Check(
            kind != TypeKind.Array
            || DataType.FromParts(kind, length, scale).ElementType.IsArrayElement,
            "a type of elements");
        reader.Check(scale <= Limits.DecimalPrecisionMax && isNullable <= 1, "a scale");
        return new ColumnSchema(
            name,
            DataType.FromParts(kind, length, scale),
            isNullable == 1,
            reader.ReadOptionalText());
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
