using System.Buffers;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>When ANALYZE looked at a table, and how the table was then.</summary>
/// <param name="Stamp">Tells what one ANALYZE stored from what others did.</param>
/// <param name="RowCount">The rows of the table.</param>
/// <param name="NextRowId">The number of the next row version.</param>
/// <param name="SampleRowCount">The rows of the sample.</param>
internal readonly record struct StatisticsSummary(
    long Stamp, long RowCount, long NextRowId, int SampleRowCount)
{
    private const byte FormatVersion = 1;

    /// <summary>
    /// The hash of a text: counts are by hash, and of no use to an engine that has another one.
    /// </summary>
    private static ulong HashOfHashes => KeyCounts.HashesOf(
        ColumnBuffer.Constant(DataType.Text, Value.Of("hash"), 1))[0];

    /// <summary>The bytes of the part.</summary>
    public byte[] Encode()
    {
        var writer = new ArrayBufferWriter<byte>();
        writer.WriteByte(FormatVersion);
        writer.WriteInt64((long)HashOfHashes);
        writer.WriteInt64(Stamp);
        writer.WriteInt64(RowCount);
        writer.WriteInt64(NextRowId);
        writer.WriteInt32(SampleRowCount);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the bytes; null if another version of the engine wrote them.</summary>
    public static StatisticsSummary? Decode(byte[] data)
    {
        RecordReader reader = StatisticsCodec.Start(data);
        if (reader.ReadByte() != FormatVersion || (ulong)reader.ReadInt64() != HashOfHashes)
        {
            return null;
        }

        var summary = new StatisticsSummary(
            reader.ReadInt64(),
            reader.ReadInt64(),
            reader.ReadInt64(),
            reader.ReadCount(TableStatistics.SampleRowCountMax, "sampled rows"));
        reader.Check(summary.RowCount >= summary.SampleRowCount, "no more rows than the table");
        return summary;
    }
}
