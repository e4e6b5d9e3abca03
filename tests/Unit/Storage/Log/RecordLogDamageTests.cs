using System.Buffers.Binary;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Damage of the log's files is refused or harmless: never a smaller or another set of records.
/// </summary>
public sealed class RecordLogDamageTests
{
    private const int Block = LogFormat.BlockSizeBytes;
    private const int Sector = LogFormat.SectorSizeBytes;
    private static readonly RecordLogOptions TwoSegmentSizes =
        new(4 * Block, 4 * Block, 4 * Block);

    [Fact]
    public void Every_flipped_bit_after_a_kill_is_refused_or_harmless() => FlipBits(false, 1);

    [Fact]
    public void Flipped_bits_after_a_clean_close_are_refused_or_harmless() => FlipBits(true, 7);

    [Fact]
    public void Every_flipped_bit_of_an_unordered_group_is_refused_or_harmless() =>
        FlipBits(false, 3, unorderedSizeBytesMin: Block);

    [Fact]
    public void An_unordered_group_with_a_frame_behind_it_is_never_taken_for_torn()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        byte[] watermark = files.Bytes(LogFixture.Watermark).ToArray();
        LogFixture.Write(log, LogFixture.Record(1, 40_000));
        LogFixture.Write(log, [2]);

        // As after a power loss that took what the watermark's file had in memory.
        watermark.CopyTo(files.Bytes(LogFixture.Watermark));
        Assert.Equal(2, LogFixture.Scan(files).Count);
        int end = (int)log.EndAddress - Block;
        for (int at = Block; at < end; at += Sector)
        {
            files.Bytes(LogFixture.Segment(0))[at + 7] ^= 0x10;
            Assert.Throws<CorruptionException>(() => LogFixture.Scan(files));
            files.Bytes(LogFixture.Segment(0))[at + 7] ^= 0x10;
        }
    }

    [Fact]
    public void A_torn_unordered_group_is_cut_whatever_its_blocks_hold()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        LogFixture.Write(log, [1]);
        byte[] watermark = files.Bytes(LogFixture.Watermark).ToArray();
        LogFixture.Write(log, LogFixture.Record(1, 40_000));
        watermark.CopyTo(files.Bytes(LogFixture.Watermark));
        files.Bytes(LogFixture.Segment(0)).Slice(4 * Block, Sector).Clear();
        LogFixture.Record(3, Sector).CopyTo(files.Bytes(LogFixture.Segment(0))[(6 * Block)..]);
        var replay = new RecordCollector();
        using RecordLog again = LogFixture.Open(files, replay);
        Assert.Equal([[1]], replay.Records);
        Assert.Equal(2 * Block, again.Recovery.EndAddress);
        Assert.Equal(log.EndAddress - (2 * Block), again.Recovery.TornBytes);
        Assert.False(
            files.Bytes(LogFixture.Segment(0))[(2 * Block)..].ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Every_zeroed_sector_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) => files.Bytes(path).Slice(at, Sector).Clear());

    [Fact]
    public void Every_sector_of_garbage_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) => LogFixture.Record(at, Sector).CopyTo(files.Bytes(path)[at..]));

    [Fact]
    public void The_same_garbage_in_two_words_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) =>
        {
            for (int word = 0; word < 2; word++)
            {
                Span<byte> target = files.Bytes(path).Slice(at + (word * 64), 8);
                ulong value = BinaryPrimitives.ReadUInt64LittleEndian(target);
                BinaryPrimitives.WriteUInt64LittleEndian(target, value ^ 0x5A17_C0DE_1234_9876);
            }
        });

    [Fact]
    public void Every_swap_of_neighbouring_sectors_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) =>
        {
            Span<byte> bytes = files.Bytes(path);
            int other = at + Sector < bytes.Length ? at + Sector : 0;
            byte[] first = bytes.Slice(at, Sector).ToArray();
            bytes.Slice(other, Sector).CopyTo(bytes[at..]);
            first.CopyTo(bytes[other..]);
        });

    [Fact]
    public void Every_zeroed_block_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) => files.Bytes(path).Slice(at / Block * Block, Block).Clear());

    [Fact]
    public void Every_block_that_stands_twice_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) =>
        {
            Span<byte> bytes = files.Bytes(path);
            int from = at / Block * Block;
            int to = (from + Block) % bytes.Length;
            bytes.Slice(from, Block).CopyTo(bytes[to..]);
        });

    [Fact]
    public void Every_shorter_or_longer_file_is_refused_or_harmless() => DamageEachSector(
        (files, path, at) => files.Resize(path, at));

    [Fact]
    public void A_file_that_grew_by_garbage_is_refused()
    {
        MemoryFileSystem files = TwoSegments(out List<byte[]> expected);
        string last = LogFixture.Segment(1);
        int length = files.Bytes(last).Length;
        files.Resize(last, length + 1);
        files.Bytes(last)[length] = 1;
        Assert.True(IsRefused(files, expected));
    }

    [Fact]
    public void Every_missing_file_is_refused()
    {
        foreach (string path in TwoSegments(out _).List(LogFixture.Directory))
        {
            MemoryFileSystem files = TwoSegments(out List<byte[]> expected);
            bool isAhead = !files.Bytes(path).ContainsAnyExcept((byte)0);
            files.Delete(path);

            // A last file of nothing but space ahead holds nothing that could be missed.
            Assert.Equal(!isAhead, IsRefused(files, expected));
        }
    }

    [Fact]
    public void A_log_that_went_back_to_an_earlier_state_is_refused()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        LogFixture.Write(log, [1]);
        byte[] earlier = files.Bytes(LogFixture.Segment(0)).ToArray();
        LogFixture.Write(log, [2]);
        earlier.CopyTo(files.Bytes(LogFixture.Segment(0)));
        CorruptionException error =
            Assert.Throws<CorruptionException>(() => LogFixture.Scan(files));
        Assert.Contains("frame 2 was acknowledged", error.Message, StringComparison.Ordinal);
        Assert.Equal(LogFixture.Segment(0), error.FilePath);
        Assert.Equal(2 * Block, error.Offset);
    }

    [Fact]
    public void A_frame_of_another_history_is_refused()
    {
        var files = new MemoryFileSystem();
        var other = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        using RecordLog otherLog = LogFixture.Create(other);
        LogFixture.Write(log, [1]);
        LogFixture.Write(log, [2]);
        LogFixture.Write(otherLog, [7]);
        LogFixture.Write(otherLog, [2]);
        other.Bytes(LogFixture.Segment(0)).Slice(2 * Block, Block)
            .CopyTo(files.Bytes(LogFixture.Segment(0))[(2 * Block)..]);
        CorruptionException error =
            Assert.Throws<CorruptionException>(() => LogFixture.Scan(files));
        Assert.Equal(2 * Block, error.Offset);
    }

    [Fact]
    public void Damage_is_named_with_file_and_offset_and_changes_nothing()
    {
        MemoryFileSystem files = TwoSegments(out _);
        string path = LogFixture.Segment(1);
        files.Bytes(path)[1000] ^= 0x40;
        int before = files.OperationCount;
        CorruptionException error = Assert.Throws<CorruptionException>(
            () => LogFixture.Open(
                files, new RecordCollector(), LogStart.New(TwoSegmentSizes)));
        Assert.Equal(path, error.FilePath);
        Assert.Equal(512, error.Offset);
        Assert.Equal(before, files.OperationCount);
    }

    private static void FlipBits(
        bool closed, int step, int unorderedSizeBytesMin = 512 * 1024)
    {
        var options = new RecordLogOptions(
            2 * Block, 8 * Block, 2 * Block, unorderedSizeBytesMin);
        var written = new MemoryFileSystem();
        using (RecordLog log = LogFixture.Create(written, options))
        {
            LogFixture.Write(log, LogFixture.Record(1, 60), LogFixture.Record(2, 600));
            LogFixture.Write(log, LogFixture.Record(3, 4500));
            if (!closed)
            {
                written = written.AfterKill(written.OperationCount);
            }
        }

        MemoryFileSystem files = written.Copy();
        var start = LogStart.New(options);
        List<byte[]> expected = LogFixture.Scan(files, start);
        Assert.Equal(3, expected.Count);
        int refused = 0;
        foreach (string path in files.List(LogFixture.Directory))
        {
            for (int bit = 0; bit < files.Bytes(path).Length * 8; bit += step)
            {
                files.Bytes(path)[bit / 8] ^= (byte)(1 << (bit % 8));
                refused += IsRefused(files, expected, start) ? 1 : 0;
                files.Bytes(path)[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        // Only the block before the log and the unused bytes of the watermark file may be damaged
        // without notice.
        int bits = (files.Bytes(LogFixture.Segment(0)).Length - Block + (2 * Sector)) * 8;
        Assert.InRange(refused, (bits / step) - 2, (bits / step) + 2);
    }

    private static void DamageEachSector(Action<MemoryFileSystem, string, int> damage)
    {
        MemoryFileSystem sound = TwoSegments(out List<byte[]> expected);
        int refused = 0;
        foreach (string path in sound.List(LogFixture.Directory))
        {
            for (int at = 0; at < sound.Bytes(path).Length; at += Sector)
            {
                MemoryFileSystem files = sound.Copy();
                damage(files, path, at);
                refused += IsRefused(files, expected) ? 1 : 0;
            }
        }

        Assert.NotEqual(0, refused);
    }

    private static MemoryFileSystem TwoSegments(out List<byte[]> records)
    {
        var options = TwoSegmentSizes;
        var files = new MemoryFileSystem(keepsJournal: false);
        records = [];
        using (RecordLog log = LogFixture.Create(files, options))
        {
            for (int i = 0; i < 4; i++)
            {
                records.Add(LogFixture.Record(i, 100 + (i * 1500)));
                LogFixture.Write(log, records[^1]);
            }

            Assert.True(log.EndAddress > options.SegmentSizeBytes + Block);
        }

        return files;
    }

    private static bool IsRefused(
        MemoryFileSystem files, List<byte[]> expected, LogStart? start = null)
    {
        List<byte[]> records;
        try
        {
            records = LogFixture.Scan(files, start ?? LogStart.New(TwoSegmentSizes));
        }
        catch (CorruptionException)
        {
            return true;
        }

        Assert.Equal(expected.Count, records.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i].AsSpan().SequenceEqual(records[i]));
        }

        return false;
    }
}
