using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Encodes the changes of a transaction, in the order in which replay applies them.
/// </summary>
internal static class ChangeEncoder
{
    /// <summary>Writes all changes and their end.</summary>
    public static void Encode(IBufferWriter<byte> writer, in CommitChange change)
    {
        if (change.Definitions is not null)
        {
            EncodeDefinitions(writer, change.Definitions);
        }

        foreach (PendingRows rows in change.Writes)
        {
            EncodeEnded(writer, rows);
            foreach (BulkSegment segment in rows.Segments)
            {
                EncodeSegment(writer, rows.Table, segment);
            }

            foreach (PendingChunk chunk in rows.Chunks)
            {
                int start = 0;
                while (!chunk.IsSealed && chunk.TryNextRun(ref start, out int count))
                {
                    EncodeRun(writer, rows.Table, chunk, start, count);
                    start += count;
                }
            }
        }

        writer.WriteByte((byte)ChangeKind.End);
    }

    private static void EncodeDefinitions(IBufferWriter<byte> writer, DefinitionChange change)
    {
        foreach (IndexEntry index in change.DroppedIndexes)
        {
            writer.WriteByte((byte)ChangeKind.DropIndex);
            writer.WriteInt32(index.Schema.Id);
        }

        foreach (TableEntry table in change.Dropped)
        {
            writer.WriteByte((byte)ChangeKind.DropTable);
            writer.WriteInt32(table.Id);
        }

        foreach ((_, TableEntry table) in change.Altered)
        {
            writer.WriteByte((byte)ChangeKind.AlterTable);
            writer.WriteInt32(table.Id);
            SchemaCodec.Encode(writer, table.Schema);
            EncodeDetails(writer, table);
        }

        foreach (TableEntry table in change.Created)
        {
            writer.WriteByte((byte)ChangeKind.CreateTable);
            writer.WriteInt32(table.Id);
            SchemaCodec.Encode(writer, table.Schema);
            EncodeDetails(writer, table);
        }

        foreach (CatalogObject value in change.DroppedObjects)
        {
            writer.WriteByte((byte)ChangeKind.DropObject);
            ObjectCodec.EncodeName(writer, value);
        }

        foreach (CatalogObject value in change.PutObjects)
        {
            writer.WriteByte((byte)ChangeKind.PutObject);
            ObjectCodec.Encode(writer, value);
        }

        foreach (IndexEntry index in change.CreatedIndexes)
        {
            writer.WriteByte((byte)ChangeKind.CreateIndex);
            IndexCodec.Encode(writer, index.Schema);
        }
    }

    /// <summary>
    /// Writes the row numbers that new rows get; to be called before they are applied.
    /// </summary>
    public static void EncodeFirstRows(IBufferWriter<byte> writer, in CommitChange change)
    {
        writer.WriteInt32(change.Writes.Length);
        foreach (PendingRows rows in change.Writes)
        {
            writer.WriteInt32(rows.Table.Id);
            writer.WriteInt64(rows.Table.Rows.NextRowId);
        }
    }

    private static void EncodeDetails(IBufferWriter<byte> writer, TableEntry table)
    {
        if (table.Schema.HasDetails)
        {
            writer.WriteByte((byte)ChangeKind.TableDetails);
            writer.WriteInt32(table.Id);
            TableDetailsCodec.Encode(writer, table.Schema);
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

    private static void EncodeSegment(
        IBufferWriter<byte> writer, TableEntry table, BulkSegment segment)
    {
        SegmentInfo info = segment.Info;
        writer.WriteByte((byte)ChangeKind.AddSegment);
        writer.WriteInt32(table.Id);
        writer.WriteInt64(segment.SegmentId);
        writer.WriteInt64(info.RowCount);
        writer.WriteInt64(info.LengthBytes);
        writer.WriteInt32((int)info.FooterCrc);
        List<int> killed = segment.KilledRows();
        writer.WriteInt32(killed.Count);
        foreach (int ordinal in killed)
        {
            writer.WriteInt32(ordinal);
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
