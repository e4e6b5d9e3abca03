using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Encodes the changes of a transaction, in the order in which replay applies them.
/// </summary>
internal static class ChangeEncoder
{
    /// <summary>Writes all changes and their end.</summary>
    public static void Encode(IBufferWriter<byte> writer, CommitChange change)
    {
        foreach (TableEntry table in change.Dropped)
        {
            writer.WriteByte((byte)ChangeKind.DropTable);
            writer.WriteInt32(table.Id);
        }

        foreach (TableEntry table in change.Created)
        {
            writer.WriteByte((byte)ChangeKind.CreateTable);
            writer.WriteInt32(table.Id);
            SchemaCodec.Encode(writer, table.Schema);
        }

        foreach (PendingRows rows in change.Writes)
        {
            EncodeEnded(writer, rows);
            foreach (PendingChunk chunk in rows.Chunks)
            {
                int start = 0;
                while (chunk.TryNextRun(ref start, out int count))
                {
                    EncodeRun(writer, rows.Table, chunk, start, count);
                    start += count;
                }
            }
        }

        writer.WriteByte((byte)ChangeKind.End);
    }

    /// <summary>
    /// Writes the row numbers that new rows get; to be called before they are applied.
    /// </summary>
    public static void EncodeFirstRows(IBufferWriter<byte> writer, CommitChange change)
    {
        writer.WriteInt32(change.Writes.Length);
        foreach (PendingRows rows in change.Writes)
        {
            writer.WriteInt32(rows.Table.Id);
            writer.WriteInt64(rows.Table.Rows.NextRowId);
        }
    }

    private static void EncodeEnded(IBufferWriter<byte> writer, PendingRows rows)
    {
        foreach ((long number, EndedRows ended) in rows.Ended)
        {
            if (ended.Count == 0)
            {
                continue;
            }

            writer.WriteByte((byte)ChangeKind.EndRows);
            writer.WriteInt32(rows.Table.Id);
            writer.WriteInt32(ended.Count);
            foreach (int row in ended.Rows)
            {
                writer.WriteInt64((number * Limits.ChunkRowCount) + row);
            }
        }
    }

    private static void EncodeRun(
        IBufferWriter<byte> writer, TableEntry table, PendingChunk chunk, int start, int count)
    {
        writer.WriteByte((byte)ChangeKind.Rows);
        writer.WriteInt32(table.Id);
        writer.WriteInt32(count);
        foreach (ColumnStore column in chunk.Columns)
        {
            column.Encode(writer, start, count);
        }
    }
}
