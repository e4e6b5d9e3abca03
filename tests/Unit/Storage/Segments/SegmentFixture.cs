using System.Runtime.InteropServices;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Makes tables of values, writes them as a segment file in memory, compares bits.
/// </summary>
internal static class SegmentFixture
{
    /// <summary>Where the segments are.</summary>
    public const string Path = "/db/seg/7.seg";

    /// <summary>The segment that is written unless another is asked for.</summary>
    public static readonly SegmentIdentity Identity =
        new(new Guid("6f2c1a52-27a4-4d0e-9a57-0c8d4f5b7e11"), 3, 7);

    /// <summary>A disk with the directory of segments.</summary>
    public static MemoryFileSystem Disk()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        files.CreateDirectory("/db/seg");
        return files;
    }

    /// <summary>A table of columns, with keys given by their ordinals.</summary>
    public static TableSchema Schema(DataType[] types, params int[][] keys) => new()
    {
        Name = "t",
        Columns = [.. types.Select((type, i) => new ColumnSchema($"c{i}", type))],
        Keys = [.. keys.Select((ordinals, i) => new KeySchema($"k{i}", ordinals, i == 0))],
    };

    /// <summary>A column of values.</summary>
    public static ColumnStore Column(DataType type, int count, Func<int, Value> valueOf)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, count);
        for (int i = 0; i < count; i++)
        {
            builder.Append(valueOf(i));
        }

        ColumnStore store = ColumnStore.Create(type);
        store.Reserve(count);
        store.Write(0, builder.Build(), 0, count);
        return store;
    }

    /// <summary>Writes rows in pieces of some size.</summary>
    public static SegmentInfo Write(
        MemoryFileSystem files,
        TableSchema schema,
        ColumnStore[] columns,
        int count,
        Func<int, long>? rowNumberOf = null,
        int pieceLength = int.MaxValue,
        SegmentIdentity? identity = null,
        string path = Path)
    {
        SegmentIdentity id = identity ?? Identity;
        using SegmentWriter writer =
            SegmentWriter.Create(files, path, id, schema, new ChecksumPageGuard(id));
        int[] rows = [.. Enumerable.Range(0, count)];
        long[] numbers = [.. rows.Select(row => rowNumberOf?.Invoke(row) ?? row)];
        for (int start = 0; start < count; start += Math.Min(pieceLength, count - start))
        {
            int length = Math.Min(pieceLength, count - start);
            writer.Append(
                columns, rows.AsSpan(start, length), numbers.AsSpan(start, length));
        }

        SegmentInfo info = writer.Complete();
        Assert.Equal(count, info.RowCount);
        Assert.Equal(files.Bytes(path).Length, info.LengthBytes);
        return info;
    }

    /// <summary>Opens the file.</summary>
    public static SegmentFile Open(
        IFileSystem files,
        TableSchema schema,
        SegmentInfo info,
        BufferManager? buffers = null,
        SegmentIdentity? identity = null)
    {
        SegmentIdentity id = identity ?? Identity;
        return SegmentFile.Open(
            files,
            Path,
            id,
            schema,
            new ChecksumPageGuard(id),
            info,
            buffers ?? new BufferManager(64 << 20));
    }

    /// <summary>The bits of a value: equal only for values that no reader can tell apart.</summary>
    public static string Bits(ColumnStore column, int row)
    {
        if (column.IsNull(row))
        {
            return "NULL";
        }

        return column switch
        {
            ColumnStore<long> c => $"{c.Values[row]}",
            ColumnStore<double> c => $"{BitConverter.DoubleToInt64Bits(c.Values[row]):x}",
            ColumnStore<decimal> c => string.Join(',', decimal.GetBits(c.Values[row])),
            ColumnStore<Guid> c => $"{c.Values[row]}",
            ColumnStore<string> c => $"'{c.Values[row]}'",
            ColumnStore<byte[]> c => Convert.ToHexString(c.Values[row]),
            ColumnStore<ReadOnlyMemory<float>> c => Hex(c.Values[row].Span),
            ColumnStore<CompactVector> c => Convert.ToHexString(c.Values[row].Bytes.Span),
            _ => Convert.ToHexString(((VectorColumnStore)column).BytesAt(row)),
        };
    }

    /// <summary>Fails unless a segment holds exactly the rows of columns.</summary>
    public static void AssertSame(SegmentFile segment, ColumnStore[] columns, int count)
    {
        Assert.Equal(count, segment.RowCount);
        for (int column = 0; column < columns.Length; column++)
        {
            int row = 0;
            for (int chunk = 0; chunk < segment.ChunkCount; chunk++)
            {
                ColumnStore read = segment.Read(chunk, column);
                for (int i = 0; i < segment.RowCountOf(chunk); i++, row++)
                {
                    Assert.Equal(Bits(columns[column], row), Bits(read, i));
                }
            }

            Assert.Equal(count, row);
        }
    }

    private static string Hex(ReadOnlySpan<float> floats) =>
        Convert.ToHexString(MemoryMarshal.AsBytes(floats));
}
