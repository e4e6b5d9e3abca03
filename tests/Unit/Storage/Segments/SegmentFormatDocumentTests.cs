using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The tables of docs/format.md decode a real segment file.</summary>
public sealed class SegmentFormatDocumentTests
{
    private static readonly string[] Lines = ReadDocument();

    [Theory]
    [InlineData("magic of header and footer", (long)SegmentFormat.Magic)]
    [InlineData("magic of the directory", SegmentFormat.DirectoryMagic)]
    [InlineData("format version", SegmentFormat.Version)]
    [InlineData("block", SegmentFormat.BlockSizeBytes)]
    [InlineData("page", SegmentFormat.PageSizeBytes)]
    [InlineData("extent alignment", SegmentFormat.ExtentAlignmentBytes)]
    [InlineData("raw vector alignment", SegmentFormat.VectorAlignmentBytes)]
    [InlineData("directory header", SegmentFormat.DirectoryHeaderSizeBytes)]
    [InlineData("record", SegmentFormat.RecordSizeBytes)]
    [InlineData("chunk rows", Limits.ChunkRowCount)]
    [InlineData("bytes of a text bound", ZoneWriter.TextSizeBytesMax)]
    public void The_constants_are_those_of_the_code(string name, long value)
    {
        string text = Rows("## Segments", "| constant |").Single(row => row[0] == name)[1];
        bool isHex = text.StartsWith("0x", StringComparison.Ordinal);
        Assert.Equal(value, isHex
            ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : long.Parse(text, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_encodings_are_those_of_the_code()
    {
        IEnumerable<(string, string)> documented =
            Rows("### Encodings", "| encoding |").Select(row => (row[0], row[1]));
        Assert.Equal(
            Enum.GetValues<SegmentEncoding>().Select(encoding => (
                encoding.ToString(), ((int)encoding).ToString(CultureInfo.InvariantCulture))),
            documented);
    }

    [Fact]
    public void The_tables_lead_from_the_footer_to_a_value()
    {
        byte[] file = WriteFile(out SegmentInfo info);
        int last = file.Length - SegmentFormat.BlockSizeBytes;
        Dictionary<string, ulong> header = Decode("### Header and footer", file);
        Dictionary<string, ulong> footer = Decode("### Header and footer", file.AsSpan(last));
        foreach (Dictionary<string, ulong> block in new[] { header, footer })
        {
            Assert.Equal(SegmentFormat.Magic, block["magic"]);
            Assert.Equal(4UL, block["seal size"]);
            Assert.Equal(3UL, block["table"]);
            Assert.Equal(7UL, block["segment"]);
        }

        Assert.Equal(info.FooterCrc, footer["crc"]);
        Assert.Equal(5000UL, footer["row count"]);
        Assert.Equal(0UL, header["row count"]);
        int at = (int)footer["directory offset"];
        Dictionary<string, ulong> directory = Decode("### Directory", file.AsSpan(at));
        Assert.Equal(SegmentFormat.DirectoryMagic, directory["magic"]);
        Assert.Equal(footer["page count"], directory["page count"]);
        Assert.Equal(2UL, directory["chunk count"]);
        Assert.Equal(ulong.MaxValue, directory["base row"]);
        AssertTail(file, footer, directory);
        at += SegmentFormat.DirectoryHeaderSizeBytes;
        Dictionary<string, ulong> chunk =
            Decode("Chunk record:", file.AsSpan(at + SegmentFormat.RecordSizeBytes));
        Assert.Equal(904UL, chunk["rows"]);
        Assert.Equal(0UL, chunk["flags"]);
        Assert.Equal(8192UL, chunk["first row number"]);
        Assert.Equal(9998UL, chunk["last row number"]);
        at += 2 * SegmentFormat.RecordSizeBytes;
        int first = (int)chunk["first extent"];
        Dictionary<string, ulong> extent =
            Decode("Extent record:", file.AsSpan(at + (first * SegmentFormat.RecordSizeBytes)));
        Assert.Equal((ulong)SegmentEncoding.FrameOfReference, extent["encoding"]);
        Assert.Equal(1UL, extent["zone"]);
        Assert.Equal(90UL, extent["null count"]);
        AssertValues(file.AsSpan((int)extent["offset"], (int)extent["length"]));
        at += (int)directory["extent count"] * SegmentFormat.RecordSizeBytes;
        Dictionary<string, ulong> key = Decode("Key record:", file.AsSpan(at));
        Assert.Equal(4500UL, key["entries"]);
        Assert.Equal(2UL, key["pieces"]);
        Assert.Equal(KeyCode.Of(96), key["highest code"]);
    }

    // The schema stands behind the bounds; the second tail is the first once more.
    private static void AssertTail(
        byte[] file, Dictionary<string, ulong> footer, Dictionary<string, ulong> directory)
    {
        int at = (int)footer["directory offset"];
        int tail = (int)footer["directory length"] + SegmentFormat.BlockSizeBytes;
        Assert.Equal(file.Length, at + (2 * tail));
        Assert.Equal(file[at..(at + tail)], file[(at + tail)..]);
        ulong tables = directory["chunk count"] + directory["extent count"]
            + directory["key count"];
        ulong schema = SegmentFormat.DirectoryHeaderSizeBytes
            + (tables * SegmentFormat.RecordSizeBytes) + (directory["fence count"] * 8)
            + (directory["page count"] * footer["seal size"]) + directory["zone bytes"];
        var reader = new RecordReader("x");
        reader.Start(
            file.AsMemory(at + (int)schema, (int)directory["schema bytes"]), "the schema");
        Assert.Equal("t", SchemaCodec.Decode(reader).Name);
        Assert.Equal(0, reader.Remaining);
    }

    // Row r of the second chunk is row 4096 + r and has the value (row * 5) % 97, NULL every tenth.
    private static void AssertValues(ReadOnlySpan<byte> extent)
    {
        int bits = extent[1];
        Assert.Equal(7, bits);
        Assert.Equal(904u, BitConverter.ToUInt32(extent[4..]));
        long low = BitConverter.ToInt64(extent[8..]);
        ReadOnlySpan<byte> mask = extent[^(((904 + 63) / 64) * 8)..];
        for (int row = 0; row < 904; row++)
        {
            bool isNull = (4096 + row) % 10 == 0;
            Assert.Equal(isNull, ((mask[row / 8] >> (row % 8)) & 1) == 1);
            if (!isNull)
            {
                Assert.Equal((4096 + row) * 5 % 97, low + Packed(extent[16..], row, bits));
            }
        }
    }

    private static long Packed(ReadOnlySpan<byte> groups, int number, int bits)
    {
        ReadOnlySpan<byte> group = groups[(number / 512 * 64 * bits)..];
        int step = number % 512 / 8;
        int lane = number % 8;
        long value = 0;
        for (int i = 0; i < bits; i++)
        {
            int bit = (step * bits) + i;
            byte at = group[(8 * ((8 * (bit / 64)) + lane)) + (bit % 64 / 8)];
            value |= (long)((at >> (bit % 8)) & 1) << i;
        }

        return value;
    }

    private static byte[] WriteFile(out SegmentInfo info)
    {
        TableSchema schema = SegmentFixture.Schema([DataType.BigInt, DataType.Text], [0]);
        ColumnStore[] columns =
        [
            SegmentFixture.Column(DataType.BigInt, 5000, row =>
                row % 10 == 0 ? Value.Null : Value.Of((long)(row * 5 % 97))),
            SegmentFixture.Column(DataType.Text, 5000, row => Value.Of($"{row}")),
        ];
        MemoryFileSystem files = SegmentFixture.Disk();
        info = SegmentFixture.Write(files, schema, columns, 5000, row => row * 2L);
        return files.Bytes(SegmentFixture.Path).ToArray();
    }

    private static Dictionary<string, ulong> Decode(string after, ReadOnlySpan<byte> source)
    {
        var fields = new Dictionary<string, ulong>();
        foreach (string[] row in Rows(after, "| field |"))
        {
            int offset = int.Parse(row[1], CultureInfo.InvariantCulture);
            int size = int.Parse(row[2], CultureInfo.InvariantCulture);
            ulong value = 0;
            for (int i = 0; i < Math.Min(size, sizeof(ulong)); i++)
            {
                value |= (ulong)source[offset + i] << (8 * i);
            }

            fields[row[0]] = value;
        }

        return fields;
    }

    private static List<string[]> Rows(string after, string heading)
    {
        int section = Array.FindIndex(
            Lines, line => line.StartsWith("## Segments", StringComparison.Ordinal));
        int start = Array.FindIndex(
            Lines, section, line => line.StartsWith(after, StringComparison.Ordinal));
        int table = Array.FindIndex(
            Lines, start, line => line.StartsWith(heading, StringComparison.Ordinal));
        Assert.True(section > 0 && start > 0 && table > 0);
        return [.. Lines.Skip(table + 2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
    }

    private static string[] ReadDocument()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "NeuroStore.sln")))
        {
            at = Path.GetDirectoryName(at);
        }

        Assert.NotNull(at);
        return File.ReadAllLines(Path.Combine(at, "docs", "format.md"));
    }
}
