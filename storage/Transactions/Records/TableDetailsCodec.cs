using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Encodes what <see cref="SchemaCodec"/> leaves out of a schema: generated, added, hidden and
/// numbered columns, collations and foreign keys. Only columns that have such details are written.
/// </summary>
internal static class TableDetailsCodec
{
    private const byte VirtualFlag = 1;
    private const byte HiddenFlag = 2;
    private const byte InitialFlag = 4;
    private const byte OpenFlag = 8;
    private const byte TakenFlag = 16;
    private const int ForeignKeyCountMax = 1024;

    /// <summary>Writes the details of a schema.</summary>
    public static void Encode(IBufferWriter<byte> writer, TableSchema schema)
    {
        writer.WriteInt32(schema.Columns.Count(static column => column.HasDetails));
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            if (schema.Columns[i].HasDetails)
            {
                writer.WriteInt32(i);
                EncodeColumn(writer, schema.Columns[i]);
            }
        }

        writer.WriteInt32(schema.ForeignKeys.Count);
        foreach (ForeignKeySchema key in schema.ForeignKeys)
        {
            writer.WriteText(key.Name);
            writer.WriteInt32(key.Ordinals.Length);
            writer.WriteRaw<int>(key.Ordinals);
            writer.WriteText(key.Table);
            writer.WriteInt32(key.Columns.Count);
            foreach (string column in key.Columns)
            {
                writer.WriteText(column);
            }

            writer.WriteByte((byte)key.OnDelete);
            writer.WriteByte((byte)key.OnUpdate);
            writer.WriteByte(key.IsDeferred ? (byte)1 : (byte)0);
        }
    }

    /// <summary>The schema with the details that follow.</summary>
    public static TableSchema Decode(RecordReader reader, TableSchema schema)
    {
        ColumnSchema[] columns = [.. schema.Columns];
        int count = reader.ReadCount(columns.Length, "columns with details");
        for (int i = 0; i < count; i++)
        {
            int ordinal = reader.ReadInt32();
            reader.Check((uint)ordinal < (uint)columns.Length, "a column ordinal");
            columns[ordinal] = DecodeColumn(reader, columns[ordinal]);
        }

        var keys = new ForeignKeySchema[reader.ReadCount(ForeignKeyCountMax, "foreign keys")];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = DecodeForeignKey(reader, columns.Length);
        }

        return schema with { Columns = columns, ForeignKeys = keys };
    }

    private static void EncodeColumn(IBufferWriter<byte> writer, ColumnSchema column)
    {
        bool hasInitial = !column.Initial.IsNull;
        writer.WriteByte((byte)(
            (column.IsVirtual ? VirtualFlag : 0)
            | (column.IsHidden ? HiddenFlag : 0)
            | (hasInitial ? InitialFlag : 0)
            | (column.Typing == ColumnTyping.Open ? OpenFlag : 0)
            | (column.Typing == ColumnTyping.Taken ? TakenFlag : 0)));
        writer.WriteByte((byte)column.Identity);
        writer.WriteOptionalText(column.GeneratedSql);
        writer.WriteOptionalText(column.Collation);
        if (hasInitial)
        {
            StoreOf(column).Encode(writer, 0, 1);
        }
    }

    private static ColumnSchema DecodeColumn(RecordReader reader, ColumnSchema column)
    {
        byte flags = reader.ReadByte();
        var identity = (ColumnIdentity)reader.ReadByte();
        reader.Check(
            (flags & ~(VirtualFlag | HiddenFlag | InitialFlag | OpenFlag | TakenFlag)) == 0
            && (flags & (OpenFlag | TakenFlag)) != (OpenFlag | TakenFlag)
            && Enum.IsDefined(identity),
            "details of a column");
        column = column with
        {
            IsVirtual = (flags & VirtualFlag) != 0,
            IsHidden = (flags & HiddenFlag) != 0,
            Identity = identity,
            Typing = (flags & OpenFlag) != 0 ? ColumnTyping.Open
                : (flags & TakenFlag) != 0 ? ColumnTyping.Taken
                : ColumnTyping.Declared,
            GeneratedSql = reader.ReadOptionalText(),
            Collation = reader.ReadOptionalText(),
        };
        if ((flags & InitialFlag) == 0)
        {
            return column;
        }

        ColumnStore store = ColumnStore.Create(column.Type);
        store.Reserve(1);
        store.Decode(reader, 0, 1);
        return column with { Initial = store.ValueAt(0) };
    }

    private static ForeignKeySchema DecodeForeignKey(RecordReader reader, int columnCount)
    {
        string name = reader.ReadText();
        var ordinals = new int[reader.ReadCount(columnCount, "referencing columns")];
        reader.ReadRaw(ordinals.AsSpan());
        reader.Check(
            ordinals.Length > 0
            && Array.TrueForAll(ordinals, i => (uint)i < (uint)columnCount),
            "referencing columns");
        string table = reader.ReadText();
        var columns = new string[reader.ReadCount(ordinals.Length, "referenced columns")];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = reader.ReadText();
        }

        var onDelete = (ForeignKeyAction)reader.ReadByte();
        var onUpdate = (ForeignKeyAction)reader.ReadByte();
        byte isDeferred = reader.ReadByte();
        reader.Check(
            Enum.IsDefined(onDelete) && Enum.IsDefined(onUpdate) && isDeferred <= 1,
            "the actions of a foreign key");
        return new ForeignKeySchema(name, ordinals, table, columns)
        {
            OnDelete = onDelete,
            OnUpdate = onUpdate,
            IsDeferred = isDeferred == 1,
        };
    }

    private static ColumnStore StoreOf(ColumnSchema column)
    {
        ColumnStore store = ColumnStore.Create(column.Type);
        store.Reserve(1);
        store.Write(0, ColumnBuffer.Constant(column.Type, column.Initial, 1), 0, 1);
        return store;
    }
}
