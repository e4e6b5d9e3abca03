using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>Encodes the definition of an index in a record and in the manifest.</summary>
internal static class IndexCodec
{
    private const byte DescendingFlag = 1;
    private const byte NullsFirstFlag = 2;
    private const int OptionCountMax = 256;

    /// <summary>Writes a definition.</summary>
    public static void Encode(IBufferWriter<byte> writer, IndexSchema index)
    {
        writer.WriteInt32(index.Id);
        writer.WriteInt32(index.TableId);
        writer.WriteText(index.Name);
        writer.WriteByte((byte)index.Kind);
        writer.WriteByte(index.IsUnique ? (byte)1 : (byte)0);
        writer.WriteInt32(index.Columns.Count);
        foreach (IndexColumn column in index.Columns)
        {
            writer.WriteInt32(column.Ordinal);
            writer.WriteByte((byte)(
                (column.IsDescending ? DescendingFlag : 0)
                | (column.NullsFirst ? NullsFirstFlag : 0)));
            writer.WriteOptionalText(column.OperatorClass);
        }

        writer.WriteInt32(index.Options.Count);
        foreach (IndexOption option in index.Options)
        {
            writer.WriteText(option.Name);
            writer.WriteText(option.Value);
        }
    }

    /// <summary>Reads a definition and checks that it makes sense by itself.</summary>
    public static IndexSchema Decode(RecordReader reader) => Decode(reader, reader.ReadInt32());

    /// <summary>As <see cref="Decode(RecordReader)"/>, when the number was read.</summary>
    public static IndexSchema Decode(RecordReader reader, int id)
    {
        int tableId = reader.ReadInt32();
        reader.Check(id > 0 && tableId > 0, "the numbers of an index and its table");
        string name = reader.ReadText();
        reader.Check(name.Length is > 0 and <= Limits.NameLengthMax, "a name");
        var kind = (IndexKind)reader.ReadByte();
        byte isUnique = reader.ReadByte();
        reader.Check(Enum.IsDefined(kind) && isUnique <= 1, "a kind of index");
        var columns = new IndexColumn[
            reader.ReadCount(Limits.IndexColumnCountMax, "index columns")];
        reader.Check(columns.Length > 0, "an index column");
        for (int i = 0; i < columns.Length; i++)
        {
            int ordinal = reader.ReadInt32();
            byte flags = reader.ReadByte();
            reader.Check(
                ordinal >= 0 && flags <= (DescendingFlag | NullsFirstFlag), "an index column");
            columns[i] = new IndexColumn(
                ordinal,
                (flags & DescendingFlag) != 0,
                (flags & NullsFirstFlag) != 0,
                reader.ReadOptionalText());
        }

        var options = new IndexOption[reader.ReadCount(OptionCountMax, "options")];
        for (int i = 0; i < options.Length; i++)
        {
            options[i] = new IndexOption(reader.ReadText(), reader.ReadText());
        }

        return new IndexSchema
        {
            Id = id,
            Name = name,
            TableId = tableId,
            Kind = kind,
            IsUnique = isUnique == 1,
            Columns = columns,
            Options = options,
        };
    }

    /// <summary>Reads a definition and checks that it fits its table.</summary>
    public static IndexSchema Decode(RecordReader reader, Func<int, TableSchema?> tableOf)
    {
        IndexSchema index = Decode(reader);
        TableSchema? table = tableOf(index.TableId);
        reader.Check(table is not null, "an index of a table that is there");
        foreach (IndexColumn column in index.Columns)
        {
            reader.Check(column.Ordinal < table!.Columns.Count, "a column of the table");
        }

        return index;
    }
}
