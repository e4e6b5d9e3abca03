using System.Buffers;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The parts of what ANALYZE saw of a column, as bytes. Each begins with the stamp of its summary
/// and the name and type of the column, so that a part that belongs to something else is none.
/// </summary>
internal static class StatisticsCodec
{
    private const int BucketCountMax = 1 << 16;
    private const string What = "statistics of the planner";

    /// <summary>A reader at the first byte of a part.</summary>
    public static RecordReader Start(byte[] data)
    {
        var reader = new RecordReader("(rows)");
        reader.Start(data, What);
        return reader;
    }

    /// <summary>The sampled values of a column.</summary>
    public static byte[] Encode(long stamp, ColumnSchema column, ColumnBuffer values)
    {
        ArrayBufferWriter<byte> writer = Begin(stamp, column);
        writer.WriteInt32(values.Count);
        ColumnStore store = ColumnStore.Create(column.Type);
        store.Reserve(values.Count);
        store.Write(0, values, 0, values.Count);
        store.Encode(writer, 0, values.Count);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads sampled values; null if they are of something else.</summary>
    public static ColumnBuffer? DecodeSample(
        byte[] data, StatisticsSummary summary, ColumnSchema column)
    {
        RecordReader reader = Start(data);
        if (!IsOf(reader, summary.Stamp, column))
        {
            return null;
        }

        int count = reader.ReadCount(summary.SampleRowCount, "sampled rows");
        reader.Check(count == summary.SampleRowCount, "the rows of the sample");
        ColumnStore store = ColumnStore.Create(column.Type);
        store.Reserve(count);
        store.Decode(reader, 0, count);
        return store.View(count, null);
    }

    /// <summary>How often the values of a column occur, and its histogram.</summary>
    public static byte[] Encode(long stamp, ColumnSchema column, AnalyzedColumn seen)
    {
        ArrayBufferWriter<byte> writer = Begin(stamp, column);
        writer.WriteInt32(seen.Histogram.Length);
        writer.WriteRaw<double>(seen.Histogram);
        seen.Keys.Encode(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads counts and histogram; null if they are of something else.</summary>
    public static AnalyzedColumn? DecodeCounts(
        byte[] data, StatisticsSummary summary, ColumnSchema column)
    {
        RecordReader reader = Start(data);
        if (!IsOf(reader, summary.Stamp, column))
        {
            return null;
        }

        var histogram = new double[reader.ReadCount(BucketCountMax, "bounds")];
        reader.ReadRaw(histogram.AsSpan());
        for (int i = 0; i < histogram.Length; i++)
        {
            reader.Check(
                histogram.Length > 1 && !double.IsNaN(histogram[i])
                    && (i == 0 || histogram[i - 1] <= histogram[i]),
                "ascending bounds");
        }

        return new AnalyzedColumn(KeyCounts.Decode(reader), histogram);
    }

    private static ArrayBufferWriter<byte> Begin(long stamp, ColumnSchema column)
    {
        var writer = new ArrayBufferWriter<byte>();
        writer.WriteInt64(stamp);
        writer.WriteText(column.Name);
        writer.WriteByte((byte)column.Type.Kind);
        writer.WriteInt32(column.Type.Length);
        writer.WriteByte(column.Type.Scale);
        return writer;
    }

    private static bool IsOf(RecordReader reader, long stamp, ColumnSchema column) =>
        reader.ReadInt64() == stamp
        & reader.ReadText() == column.Name
        & reader.ReadByte() == (byte)column.Type.Kind
        & reader.ReadInt32() == column.Type.Length
        & reader.ReadByte() == column.Type.Scale;
}
