using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// A checksum of what a segment needs of a schema: the types of the columns and the columns of the
/// keys, not their names. A file that was written for another one is found out.
/// </summary>
internal static class SchemaFingerprint
{
    /// <summary>The fingerprint of a schema.</summary>
    public static uint Of(TableSchema schema)
    {
        var writer = new ArrayBufferWriter<byte>();
        writer.WriteInt32(schema.Columns.Count);
        foreach (ColumnSchema column in schema.Columns)
        {
            writer.WriteByte((byte)column.Type.Kind);
            writer.WriteInt32(column.Type.Length);
            writer.WriteByte(column.Type.Scale);
        }

        writer.WriteInt32(schema.Keys.Count);
        foreach (KeySchema key in schema.Keys)
        {
            writer.WriteInt32(key.Ordinals.Length);
            writer.WriteRaw<int>(key.Ordinals);
        }

        return Crc32C.Compute(writer.WrittenSpan);
    }
}
