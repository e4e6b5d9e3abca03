using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A log that begins anywhere, and gives back the space before its start.</summary>
public sealed class LogStartTests
{
    private const long High = 5L << 30;
    private static readonly LogStart First = LogStart.New(LogFixture.Small);

    [Fact]
    public void Every_committed_end_is_a_start_from_which_the_later_groups_come_back()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        var starts = new List<LogStart>();
        using (RecordLog log = LogFixture.Create(files))
        {
            starts.Add(First.At(log.CommittedEnd));
            for (int i = 0; i < 40; i++)
            {
                LogFixture.Write(log, Group(i));
                starts.Add(First.At(log.CommittedEnd));
            }
        }

        for (int i = 0; i < starts.Count; i++)
        {
            Assert.Equal(Groups(i, 40), LogFixture.Scan(files, starts[i]));
        }
    }

    [Fact]
    public void A_log_goes_on_beyond_four_gibibytes_of_addresses()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        LogStart start = First with { Address = High, Lsn = 1L << 40, Chain = 77 };
        using (RecordLog log = LogFixture.Create(
            LogFixture.Seams(files), LogFixture.Directory, LogFixture.Small, start))
        {
            for (int i = 0; i < 30; i++)
            {
                LogFixture.Write(log, Group(i));
            }

            Assert.True(log.EndAddress > High + (2 * LogFixture.Small.SegmentSizeBytes));
            start = start.At(log.CommittedEnd);
            LogFixture.Write(log, Group(30));
            log.RemoveBefore(start.Position);
        }

        Assert.Equal(Groups(30, 31), LogFixture.Records(files, start));
        Assert.True(files.FileExists(LogFixture.Segment(start.SegmentNumber)));
        Assert.False(files.FileExists(LogFixture.Segment(start.SegmentNumber - 1)));
    }

    [Fact]
    public void Space_is_given_back_in_whole_files_and_writing_goes_on()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        LogStart start = First;
        using (RecordLog log = LogFixture.Create(files))
        {
            for (int i = 0; i < 200; i++)
            {
                LogFixture.Write(log, Group(i));
                start = First.At(log.CommittedEnd);
                log.RemoveBefore(start.Position);
                Assert.InRange(files.List(LogFixture.Directory).Count, 2, 4);
            }

            LogFixture.Write(log, Group(200));
        }

        Assert.True(start.SegmentNumber > 10);
        Assert.Equal(Groups(200, 201), LogFixture.Records(files, start));
    }

    [Fact]
    public void Files_before_the_start_are_removed_once_their_removal_is_asked_for()
    {
        MemoryFileSystem files = Written(out LogStart start);
        Assert.True(files.FileExists(LogFixture.Segment(0)));
        Assert.Equal(Groups(20, 21), LogFixture.Records(files, start));
        Assert.True(files.FileExists(LogFixture.Segment(0)));
        using (RecordLog log = LogFixture.Open(files, new RecordCollector(), start))
        {
            log.RemoveBefore(start.Position);
        }

        Assert.False(files.FileExists(LogFixture.Segment(0)));
        Assert.Equal(Groups(20, 21), LogFixture.Records(files, start));
    }

    [Fact]
    public void Bytes_before_the_start_are_not_looked_at()
    {
        MemoryFileSystem files = Written(out LogStart start);
        int offset = (int)(start.Address % start.SegmentSizeBytes);
        Assert.True(offset > 0);
        files.Bytes(LogFixture.Segment(start.SegmentNumber))[..offset].Fill(0xA5);
        Assert.Equal(Groups(20, 21), LogFixture.Records(files, start));
    }

    [Fact]
    public void A_missing_file_of_the_start_is_damage()
    {
        MemoryFileSystem files = Written(out LogStart start);
        files.Delete(LogFixture.Segment(start.SegmentNumber));
        CorruptionException error = Assert.Throws<CorruptionException>(
            () => LogFixture.Scan(files, start));
        Assert.Equal(LogFixture.Segment(start.SegmentNumber), error.FilePath);
    }

    [Fact]
    public void A_start_beyond_the_end_of_the_files_is_damage()
    {
        MemoryFileSystem files = Written(out LogStart start);
        string last = LogFixture.Segment(start.SegmentNumber);
        files.Resize(last, (start.Address % start.SegmentSizeBytes) - LogFormat.BlockSizeBytes);
        int end = LogSegments.LastNumber(files, LogFixture.Directory);
        for (int number = start.SegmentNumber + 1; number <= end; number++)
        {
            files.Delete(LogFixture.Segment(number));
        }

        CorruptionException error = Assert.Throws<CorruptionException>(
            () => LogFixture.Scan(files, start));
        Assert.Contains("ends before its start", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_is_not_where_a_group_ended_is_damage()
    {
        MemoryFileSystem files = Written(out LogStart start);
        LogStart[] wrong =
        [
            start with { Lsn = start.Lsn - 1 },
            start with { Chain = start.Chain ^ 1 },
            start with { Epoch = start.Epoch + 1 },
            start with { Address = start.Address - LogFormat.BlockSizeBytes },
            start with { Address = start.Address + LogFormat.BlockSizeBytes },
        ];
        foreach (LogStart other in wrong)
        {
            Assert.Throws<CorruptionException>(() => LogFixture.Scan(files, other));
        }
    }

    [Fact]
    public void A_watermark_from_before_the_start_is_no_damage_but_a_later_one_still_counts()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        using RecordLog log = LogFixture.Create(files);
        byte[] old = files.Bytes(LogFixture.Watermark).ToArray();
        LogFixture.Write(log, Group(0));
        LogStart start = First.At(log.CommittedEnd);
        LogFixture.Write(log, Group(1));
        byte[] newest = files.Bytes(LogFixture.Watermark).ToArray();
        old.CopyTo(files.Bytes(LogFixture.Watermark));
        Assert.Equal(Groups(1, 2), LogFixture.Scan(files, start));
        newest.CopyTo(files.Bytes(LogFixture.Watermark));
        int at = (int)start.Address;
        files.Bytes(LogFixture.Segment(0))[at..(at + (4 * LogFormat.BlockSizeBytes))].Clear();
        Assert.Throws<CorruptionException>(() => LogFixture.Scan(files, start));
    }

    [Fact]
    public void A_position_inside_a_write_is_never_seen_from_another_thread()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        using RecordLog log = LogFixture.Create(files);
        var ends = new HashSet<LogPosition> { log.CommittedEnd };
        var seen = new List<LogPosition>();
        bool isDone = false;
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                LogPosition end = log.CommittedEnd;
                if (seen.Count == 0 || seen[^1] != end)
                {
                    seen.Add(end);
                }
            }
        });
        reader.Start();
        for (int i = 0; i < 200; i++)
        {
            LogFixture.Write(log, Group(i));
            ends.Add(log.CommittedEnd);
        }

        Volatile.Write(ref isDone, true);
        reader.Join();
        Assert.All(seen, end => Assert.Contains(end, ends));
        Assert.Equal(seen.OrderBy(end => end.Lsn), seen);
    }

    [Fact]
    public void The_file_of_an_end_at_the_boundary_of_files_is_there()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        var workers = new DeferredWorkers();
        using RecordLog log = LogFixture.Create(
            LogFixture.Seams(files) with { Workers = workers },
            LogFixture.Directory,
            LogFixture.Small);
        int size = LogFixture.Small.SegmentSizeBytes;
        while (log.EndAddress < size)
        {
            LogFixture.Write(log, LogFixture.Record(1, 100));
        }

        Assert.Equal(size, log.CommittedEnd.Address);
        Assert.True(files.FileExists(LogFixture.Segment(1)));
        Assert.Empty(LogFixture.Scan(files, First.At(log.CommittedEnd)));
    }

    private static MemoryFileSystem Written(out LogStart start)
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        using RecordLog log = LogFixture.Create(files);
        for (int i = 0; i < 20; i++)
        {
            LogFixture.Write(log, Group(i));
        }

        start = First.At(log.CommittedEnd);
        LogFixture.Write(log, Group(20));
        Assert.True(start.SegmentNumber > 0);
        return files;
    }

    private static byte[] Group(int number) =>
        LogFixture.Record(number, 100 + (number * 3217 % 30_000));

    private static List<byte[]> Groups(int first, int end) =>
        [.. Enumerable.Range(first, end - first).Select(Group)];
}
