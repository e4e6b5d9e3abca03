using System.Buffers.Binary;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The log of an encrypted database.</summary>
public sealed class EncryptedLogTests
{
    private const int Block = LogFormat.BlockSizeBytes;
    private static readonly LogStart Start = LogStart.New(LogFixture.Small);

    [Fact]
    public void A_frame_is_encrypted_as_documented()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using FrameCipher cipher = Cipher(keys);
        var payload = new byte[8 + FrameCipher.OverheadBytes];
        FrameHeader header = Header(payload.Length);
        cipher.Seal(header, 8192, "a record"u8, payload);
        Assert.Equal(
            "5ac389a30c3b0363f83697934d3197c05582aba62fd224196c8b8d4f4b855f225923004ef06676be",
            Convert.ToHexStringLower(payload));
    }

    [Fact]
    public void A_frame_opens_with_its_header_at_its_address_only()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using FrameCipher cipher = Cipher(keys);
        var payload = new byte[8 + FrameCipher.OverheadBytes];
        FrameHeader header = Header(payload.Length);
        cipher.Seal(header, 8192, "a record"u8, payload);
        Assert.True(Opens(cipher, header, 8192, payload));
        Assert.False(Opens(cipher, header, 4096, payload));
        Assert.False(Opens(cipher, header with { Lsn = 6 }, 8192, payload));
        Assert.False(Opens(cipher, header with { Chain = 7 }, 8192, payload));
        Assert.False(Opens(cipher, header with { RecordCount = 2 }, 8192, payload));
        Assert.False(Opens(cipher, header with { UnorderedBlocks = 1 }, 8192, payload));
        Assert.False(Opens(cipher, header with { Flags = FrameFlags.None }, 8192, payload));
    }

    [Fact]
    public void Groups_of_every_shape_come_back()
    {
        var disk = new MemoryFileSystem();
        Create(disk);
        int capacity = LogFormat.PayloadCapacity(1) - FrameCipher.OverheadBytes - sizeof(int);
        int[] lengths =
        [
            1, capacity - 1, capacity, capacity + 1, 4 * capacity, 20_000, 34_990, 35_010, 90_000,
        ];
        var expected = new List<byte[]>();
        for (int i = 0; i < lengths.Length; i++)
        {
            using RecordLog log = Open(disk, new RecordCollector(), seed: (ulong)i);
            byte[] record = LogFixture.Record(i, lengths[i]);
            LogFixture.Write(log, record);
            LogFixture.Write(log, record, record);
            expected.AddRange([record, record, record]);
        }

        var replay = new RecordCollector();
        Open(disk, replay).Dispose();
        Assert.Equal(expected, replay.Records);
    }

    [Fact]
    public void The_log_holds_no_record_in_the_open_and_no_block_twice()
    {
        var disk = new MemoryFileSystem();
        Create(disk);
        var record = new byte[3000];
        record.AsSpan().Fill((byte)'x');
        using (RecordLog log = Open(disk, new RecordCollector()))
        {
            for (int i = 0; i < 10; i++)
            {
                LogFixture.Write(log, record);
            }
        }

        ReadOnlySpan<byte> file = disk.Bytes(LogFixture.Segment(0));
        Assert.Equal(-1, file.IndexOf("xxxxxxxx"u8));
        var blocks = new HashSet<UInt128>();
        for (int frame = 1; frame <= 10; frame++)
        {
            var content = new byte[record.Length];
            FrameCodec.GatherPayload(
                file.Slice(frame * Block, Block), LogFormat.FrameHeaderSizeBytes + 32, content);
            for (int at = 0; at + 16 <= content.Length; at += 16)
            {
                Assert.True(blocks.Add(
                    BinaryPrimitives.ReadUInt128LittleEndian(content.AsSpan(at))));
            }
        }
    }

    [Fact]
    public void A_number_that_is_written_again_after_a_torn_end_has_another_key()
    {
        var disk = new MemoryFileSystem();
        Create(disk);
        byte[] first = WriteOne(disk, 100);
        disk.Bytes(LogFixture.Segment(0)).Slice(2 * Block - 512, 512).Clear();
        disk.Bytes(LogFixture.Watermark).Clear();
        LogWatermark.Create(
            Without(disk, LogFixture.Watermark),
            LogFixture.Watermark,
            LogIdentity.Of(EncryptionFixture.DatabaseId, Start),
            Start.Position);
        byte[] second = WriteOne(disk, 101);
        Assert.NotEqual(first[48..64], second[48..64]);

        // With one key stream for both, the difference would be that of the records: one byte.
        int equal = 0;
        for (int at = 100; at < 400; at++)
        {
            equal += first[at] == second[at] ? 1 : 0;
        }

        Assert.InRange(equal, 0, 20);
    }

    [Fact]
    public void A_forger_who_mends_every_checksum_is_found_out()
    {
        var disk = new MemoryFileSystem();
        Create(disk);
        using (RecordLog log = Open(disk, new RecordCollector()))
        {
            LogFixture.Write(log, LogFixture.Record(1, 700));
            LogFixture.Write(log, LogFixture.Record(2, 700));
        }

        // Salt, tag, content, the last byte of it, padding: each with the right stamp.
        foreach (int at in (int[])[48, 70, 90, 600, 900, 2000])
        {
            MemoryFileSystem forged = disk.Copy();
            Span<byte> frame = forged.Bytes(LogFixture.Segment(0)).Slice(2 * Block, Block);
            frame[at] ^= 1;
            MendStamps(frame, 2 * Block, lsn: 2);
            CorruptionException error = Assert.Throws<CorruptionException>(
                () => Open(forged, new RecordCollector()).Dispose());
            Assert.Contains("tag", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_key_finds_damage_in_the_log_and_changes_nothing()
    {
        var disk = new MemoryFileSystem();
        Create(disk);
        WriteOne(disk, 1);
        byte[] before = disk.Bytes(LogFixture.Segment(0)).ToArray();
        using KeyRing others = KeyRing.Create(
            EncryptionFixture.DatabaseId, new SeededRandomSource(99));
        Assert.Throws<CorruptionException>(() => RecordLog.Open(
            LogFixture.Seams(disk), LogFixture.Directory, EncryptionFixture.DatabaseId, Start,
            LogFixture.Small, new RecordCollector(), others));
        Assert.Equal(before, disk.Bytes(LogFixture.Segment(0)).ToArray());
    }

    private static MemoryFileSystem Without(MemoryFileSystem disk, string path)
    {
        disk.Delete(path);
        return disk;
    }

    private static FrameHeader Header(int payloadLength) => new(
        FrameFlags.GroupStart | FrameFlags.GroupEnd, payloadLength, 5, 0x01020304, 1, 1, 0);

    private static FrameCipher Cipher(KeyRing keys) => new(
        keys, LogIdentity.Of(EncryptionFixture.DatabaseId, Start));

    private static bool Opens(
        FrameCipher cipher, in FrameHeader header, long address, ReadOnlySpan<byte> payload)
    {
        byte[] content = payload[FrameCipher.OverheadBytes..].ToArray();
        return cipher.TryOpen(
            header, address, payload[..FrameCipher.OverheadBytes], content);
    }

    private static void Create(MemoryFileSystem disk) => RecordLog.Create(
        LogFixture.Seams(disk), LogFixture.Directory, EncryptionFixture.DatabaseId, Start,
        LogFixture.Small);

    private static RecordLog Open(
        MemoryFileSystem disk, RecordCollector replay, ulong seed = 5) => RecordLog.Open(
        LogFixture.Seams(disk), LogFixture.Directory, EncryptionFixture.DatabaseId, Start,
        LogFixture.Small, replay, EncryptionFixture.Ring(seed));

    /// <summary>Writes a group of one record and gives the bytes of its frame.</summary>
    private static byte[] WriteOne(MemoryFileSystem disk, byte content)
    {
        var record = new byte[3000];
        record.AsSpan().Fill((byte)'r');
        record[0] = content;
        using RecordLog log = Open(disk, new RecordCollector(), seed: content);
        LogFixture.Write(log, record);
        return disk.Bytes(LogFixture.Segment(0)).Slice(Block, Block).ToArray();
    }

    private static void MendStamps(Span<byte> frame, long address, long lsn)
    {
        uint seed = SectorStamp.FrameSeed(
            LogIdentity.TagOf(EncryptionFixture.DatabaseId), LogFormat.FirstEpoch, lsn);
        uint bodyCrc = 0;
        for (int at = 512; at < frame.Length; at += 512)
        {
            SectorStamp.Write(frame.Slice(at, 512), seed, address + at);
            bodyCrc = FrameCodec.AddStamp(bodyCrc, frame.Slice(at, 512));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(frame[LogFormat.BodyCrcOffset..], bodyCrc);
        SectorStamp.Write(frame[..512], seed, address);
    }
}
