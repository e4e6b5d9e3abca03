using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The tables of docs/format.md decode real files of the log.</summary>
public sealed class LogFormatDocumentTests
{
    private static readonly string[] Lines = ReadDocument();

    [Theory]
    [InlineData("sector", LogFormat.SectorSizeBytes)]
    [InlineData("stamp", LogFormat.StampSizeBytes)]
    [InlineData("block", LogFormat.BlockSizeBytes)]
    [InlineData("first address", LogFormat.FirstAddress)]
    [InlineData("frame header", LogFormat.FrameHeaderSizeBytes)]
    [InlineData("format version", LogFormat.Version)]
    [InlineData("frame magic", LogFormat.FrameMagic)]
    [InlineData("watermark magic", LogFormat.WatermarkMagic)]
    [InlineData("largest record", LogFormat.RecordSizeBytesMax)]
    [InlineData("largest group", LogFormat.GroupSizeBytesMax)]
    public void The_constants_are_those_of_the_code(string name, long value)
    {
        string text = Rows("| constant |").Single(row => row[0] == name)[1];
        bool isHex = text.StartsWith("0x", StringComparison.Ordinal);
        long documented = isHex
            ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : long.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(value, documented);
    }

    [Fact]
    public void The_frame_table_decodes_a_frame()
    {
        byte[] file = TwoGroups(out _);
        ReadOnlySpan<byte> first = file.AsSpan(LogFormat.BlockSizeBytes);
        ReadOnlySpan<byte> frame = file.AsSpan(2 * LogFormat.BlockSizeBytes);
        Dictionary<string, ulong> fields = Decode("Frame header", frame);
        Assert.Equal(8188UL, fields["entry length"]);
        Assert.Equal(LogFormat.FrameMagic, fields["magic"]);
        Assert.Equal("NLOG"u8.ToArray(), frame.Slice(LogFormat.MagicOffset, 4).ToArray());
        Assert.Equal(LogFormat.Version, fields["version"]);
        Assert.Equal(3UL, fields["flags"]);
        Assert.Equal(5015UL, fields["payload length"]);
        Assert.Equal(2UL, fields["lsn"]);
        Assert.Equal(SectorStamp.Read(first), fields["chain"]);
        Assert.Equal(LogIdentity.TagOf(LogFixture.DatabaseId), fields["database tag"]);
        Assert.Equal(LogFormat.FirstEpoch, fields["epoch"]);
        Assert.Equal(2UL, fields["record count"]);
        Assert.Equal(0UL, fields["unordered blocks"]);

        uint bodyCrc = 0;
        for (int sector = 1; sector < 16; sector++)
        {
            int stampAt = (sector * LogFormat.SectorSizeBytes) + LogFormat.SectorDataSizeBytes;
            bodyCrc = Crc32C.Compute(frame.Slice(stampAt, LogFormat.StampSizeBytes), bodyCrc);
        }

        Assert.Equal(bodyCrc, fields["body crc"]);
    }

    [Fact]
    public void The_watermark_table_decodes_the_newer_slot()
    {
        byte[] file = TwoGroups(out byte[] watermark);
        Dictionary<string, ulong> fields = new[] { 0, LogFormat.BlockSizeBytes }
            .Select(at => Decode("### Watermark", watermark.AsSpan(at)))
            .MaxBy(slot => slot["lsn"] + slot["flags"])!;
        Assert.Equal(LogFormat.WatermarkMagic, fields["magic"]);
        Assert.Equal(LogFormat.Version, fields["version"]);
        Assert.Equal(1UL, fields["flags"]);
        Assert.Equal(LogIdentity.TagOf(LogFixture.DatabaseId), fields["database tag"]);
        Assert.Equal(LogFormat.FirstEpoch, fields["epoch"]);
        Assert.Equal(2UL, fields["lsn"]);
        Assert.Equal(SectorStamp.Read(file.AsSpan(8192)), fields["chain"]);
        Assert.Equal(16384UL, fields["end address"]);
        Assert.NotEqual(0UL, fields["crc"]);
    }

    private static byte[] TwoGroups(out byte[] watermark)
    {
        var files = new MemoryFileSystem();
        using (RecordLog log = LogFixture.Create(files))
        {
            LogFixture.Write(log, [1]);
            LogFixture.Write(log, LogFixture.Record(1, 5000), LogFixture.Record(2, 7));
        }

        watermark = files.Bytes(LogFixture.Watermark).ToArray();
        return files.Bytes(LogFixture.Segment(0)).ToArray();
    }

    private static Dictionary<string, ulong> Decode(string after, ReadOnlySpan<byte> source)
    {
        var fields = new Dictionary<string, ulong>();
        foreach (string[] row in Rows("| field |", after))
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

    private static List<string[]> Rows(string heading, string after = "")
    {
        int start = Array.FindIndex(
            Lines, line => line.Contains(after, StringComparison.Ordinal));
        int table = Array.FindIndex(
            Lines, start, line => line.StartsWith(heading, StringComparison.Ordinal));
        Assert.True(table > 0);
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
