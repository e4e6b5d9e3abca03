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

    [Fact]
    public void The_super_table_decodes_a_slot()
    {
        var start = new LogStart(1L << 33, 9, 10, 11, 1 << 14, 1 << 16);
        var super = new SuperBlock
        {
            Generation = 2,
            DatabaseId = LogFixture.DatabaseId,
            CreatedMicroseconds = 3,
            Manifest = new ManifestReference(4, 5, 6),
            CheckpointTimestamp = 7,
            LogStart = start,
            KeySlot = [.. Enumerable.Repeat((byte)1, SuperBlock.KeySlotSizeBytes)],
        };
        byte[] slot = new byte[SuperBlock.SlotSizeBytes];
        super.Encode(slot);
        Dictionary<string, ulong> fields = Decode("### A slot of SUPER", slot);
        Assert.Equal(SuperBlock.Magic, fields["magic"]);
        Assert.Equal(SuperBlock.FormatVersion, fields["version"]);
        Assert.Equal(
            [2UL, 3, 4, 5, 6, 7, 1UL << 33, 9, 10, 11, 1 << 14, 1 << 16],
            new[]
            {
                "generation", "created", "manifest number", "manifest length", "manifest crc",
                "checkpoint timestamp", "log address", "log lsn", "log chain", "log epoch",
                "page size", "segment size",
            }.Select(name => fields[name]));
        Assert.Equal(FirstBytesOfId(), fields["database id"]);
        Assert.Equal(0x0101010101010101UL, fields["key slot"]);
        Assert.Equal(0UL, fields["reserved"] | fields["reserved 2"] | fields["zeros"]);
        Assert.Equal(Crc32C.Compute(slot.AsSpan(..^4)), fields["crc"]);
        CheckNoGaps("### A slot of SUPER", SuperBlock.SlotSizeBytes);
    }

    [Fact]
    public void The_manifest_tables_decode_a_manifest()
    {
        Manifest manifest = ManifestTests.Sample() with { Tables = [] };
        Dictionary<string, ulong> fields =
            Decode("### A manifest", ManifestCodec.Encode(manifest));
        Assert.Equal(ManifestCodec.Magic, fields["magic"]);
        Assert.Equal(FirstBytesOfId(), fields["database id"]);
        Assert.Equal(
            [SuperBlock.FormatVersion, 0, 3, 40, 12, 8, 5, 0],
            new[]
            {
                "version", "reserved", "number", "timestamp", "last segment", "last parts",
                "last table", "table count",
            }.Select(name => fields[name]));
        CheckNoGaps("### A manifest", ManifestCodec.HeaderSizeBytes);
        CheckNoGaps("Part of a manifest:", ManifestCodec.PartSizeBytes);
    }

    [Fact]
    public void The_part_table_decodes_the_last_part_of_a_manifest()
    {
        ManifestTable table = ManifestTests.Sample().Tables[0];
        byte[] content = ManifestCodec.Encode(
            ManifestTests.Sample() with { Tables = [table with { Parts = [table.Parts[0]] }] });
        int at = content.Length - ManifestCodec.TrailerSizeBytes - ManifestCodec.PartSizeBytes;
        Dictionary<string, ulong> fields = Decode("Part of a manifest:", content.AsSpan(at));
        Assert.Equal(
            [1UL, 0, 5000, 5000, 90_000, 0xDEADBEEF, 4, 200, 5, 20, 0],
            new[]
            {
                "segment", "base row", "end row", "row count", "file length", "footer crc",
                "delete number", "delete length", "delete crc", "dead count", "reserved",
            }.Select(name => fields[name]));
    }

    [Fact]
    public void The_delete_file_table_decodes_a_delete_file()
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory("/db");
        var identity = new DeleteFileIdentity(LogFixture.DatabaseId, 6, 7, 70);
        ulong[] dead = new ulong[DeleteFile.WordCount];
        dead[1] = 3;
        DeleteFile.Write(files, "/db/d", identity, [dead]);
        byte[] content = files.Bytes("/db/d").ToArray();
        Dictionary<string, ulong> fields = Decode("### A delete-file", content);
        Assert.Equal(DeleteFile.Magic, fields["magic"]);
        Assert.Equal(FirstBytesOfId(), fields["database id"]);
        Assert.Equal(
            [SuperBlock.FormatVersion, 1, 6, 7, 70, 2],
            new[]
            {
                "version", "chunk count", "segment", "number", "row count", "dead count",
            }.Select(name => fields[name]));
        CheckNoGaps("### A delete-file", DeleteFile.HeaderSizeBytes);
        Assert.Equal([0, 0, 0, 0, 2, 0, 0, 0, 64, 0, 65, 0], content[64..76]);
        Assert.Equal(76 + sizeof(uint), content.Length);
    }

    private static ulong FirstBytesOfId() =>
        BitConverter.ToUInt64(LogFixture.DatabaseId.ToByteArray(bigEndian: true));

    private static void CheckNoGaps(string after, int size)
    {
        int end = 0;
        foreach (string[] row in Rows("| field |", after))
        {
            Assert.Equal(end, int.Parse(row[1], CultureInfo.InvariantCulture));
            end += int.Parse(row[2], CultureInfo.InvariantCulture);
        }

        Assert.Equal(size, end);
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
