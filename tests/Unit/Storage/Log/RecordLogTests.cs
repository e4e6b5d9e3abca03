using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>What is written to the log comes back, in order, whatever its size.</summary>
public sealed class RecordLogTests
{
    [Fact]
    public void A_new_log_opens_empty()
    {
        var files = new MemoryFileSystem();
        LogFixture.Create(files).Dispose();
        var replay = new RecordCollector();
        using RecordLog log = LogFixture.Open(files, replay);
        Assert.Empty(replay.Records);
        Assert.Equal(
            new LogRecoveryReport(0, 0, 0, LogFormat.BlockSizeBytes, 0, ClosedCleanly: true),
            log.Recovery);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Groups_of_any_size_come_back_in_order_over_many_openings(ulong seed)
    {
        var random = new SeededRandomSource(seed);
        var files = new MemoryFileSystem(keepsJournal: false);
        LogFixture.Create(files).Dispose();
        var expected = new List<byte[]>();
        for (int round = 0; round < 12; round++)
        {
            var replay = new RecordCollector();
            using RecordLog log = LogFixture.Open(files, replay);
            Assert.Equal(expected, replay.Records);
            for (int groups = 0; groups < 10; groups++)
            {
                var group = new LogGroup();
                int records = 1 + (int)(random.NextUInt64() % 5);
                for (int i = 0; i < records; i++)
                {
                    int bits = (int)(random.NextUInt64() % 16);
                    int length = 1 + (int)(random.NextUInt64() % (1UL << bits));
                    expected.Add(LogFixture.Record(expected.Count, length));
                    LogFixture.Add(group, expected[^1]);
                }

                log.Write(group);
            }
        }

        Assert.Equal(expected, LogFixture.Records(files));
    }

    [Fact]
    public void Groups_around_every_block_and_page_boundary_come_back()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        var expected = new List<byte[]>();
        using (RecordLog log = LogFixture.Create(files))
        {
            for (int blocks = 1; blocks <= 9; blocks++)
            {
                for (int difference = -6; difference <= 6; difference++)
                {
                    int length = LogFormat.PayloadCapacity(blocks) + difference;
                    expected.Add(LogFixture.Record(expected.Count, length));
                    LogFixture.Write(log, expected[^1]);
                }
            }
        }

        Assert.Equal(expected, LogFixture.Records(files));
    }

    [Fact]
    public void A_group_larger_than_several_segments_comes_back_whole()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        byte[][] records =
            [LogFixture.Record(1, 3), LogFixture.Record(2, 300_000), LogFixture.Record(3, 5)];
        using (RecordLog log = LogFixture.Create(files))
        {
            LogFixture.Write(log, records);
            Assert.True(log.EndAddress > 4 * LogFixture.Small.SegmentSizeBytes);
        }

        Assert.Equal(records, LogFixture.Records(files));
    }

    [Fact]
    public void The_largest_record_is_taken_and_a_larger_one_is_not()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        byte[] largest = new byte[LogFormat.RecordSizeBytesMax];
        largest[^1] = 7;
        using (RecordLog log = LogFixture.Create(files, RecordLogOptions.Default))
        {
            LogFixture.Write(log, largest);
        }

        Assert.Equal(
            largest,
            Assert.Single(LogFixture.Records(files, LogStart.New(RecordLogOptions.Default))));
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => LogFixture.Add(new LogGroup(), new byte[LogFormat.RecordSizeBytesMax + 1]));
        Assert.Equal(ErrorCode.InvariantBroken, error.Code);
    }

    [Fact]
    public void A_log_keeps_the_sizes_that_it_was_created_with()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        byte[][] records = [LogFixture.Record(1, 70_000), LogFixture.Record(2, 70_000)];
        using (RecordLog log = LogFixture.Create(files))
        {
            LogFixture.Write(log, records);
        }

        var replay = new RecordCollector();
        using RecordLog again = RecordLog.Open(
            LogFixture.Seams(files),
            LogFixture.Directory,
            LogFixture.DatabaseId,
            LogStart.New(LogFixture.Small),
            RecordLogOptions.Default,
            replay);
        Assert.Equal(records, replay.Records);
        Assert.Equal(64 * 1024, files.Bytes(LogFixture.Segment(0)).Length);
    }

    [Fact]
    public void An_abandoned_record_is_not_written()
    {
        var files = new MemoryFileSystem();
        using (RecordLog log = LogFixture.Create(files))
        {
            var group = new LogGroup();
            LogFixture.Add(group, [1, 2]);
            group.BeginRecord();
            group.GetSpan(100)[..100].Fill(9);
            group.Advance(100);
            group.AbandonRecord();
            LogFixture.Add(group, [3]);
            Assert.Equal(2, group.RecordCount);
            log.Write(group);
            group.Clear();
            Assert.Equal(0, group.SizeBytes);
        }

        Assert.Equal([[1, 2], [3]], LogFixture.Records(files));
    }

    [Fact]
    public void A_group_that_grows_to_its_large_capacity_and_back_keeps_its_records()
    {
        const int RoundCount = 600;
        var group = new LogGroup(largeCapacityBytes: 6 << 20);
        for (int round = 0; round < RoundCount; round++)
        {
            bool isLarge = round % 300 == 0;
            byte[] record = LogFixture.Record(round, isLarge ? 90_000 : 100);
            LogFixture.Add(group, record);
            LogFixture.Add(group, record);

            Assert.Equal(2, group.RecordCount);
            Assert.Equal(record, group.Content.Slice(sizeof(int), record.Length));
            Assert.Equal(record, group.Content[(record.Length + (2 * sizeof(int)))..]);
            int room = group.GetSpan().Length + (int)group.SizeBytes;
            bool isKept = round % 300 <= 257;
            Assert.Equal(isKept, room == 6 << 20);
            group.Clear();
        }
    }

    [Fact]
    public void A_group_is_used_in_order_only()
    {
        var group = new LogGroup();
        Assert.Equal(
            ErrorCode.InvariantBroken,
            Assert.Throws<NeuroStoreException>(() => group.Advance(1)).Code);
        Assert.Throws<NeuroStoreException>(group.EndRecord);
        group.BeginRecord();
        Assert.Throws<NeuroStoreException>(group.BeginRecord);
        Assert.Throws<NeuroStoreException>(group.EndRecord);
        Assert.Throws<NeuroStoreException>(() => group.Advance(-1));
        group.AbandonRecord();
        Assert.Equal(0, group.SizeBytes);
    }

    [Fact]
    public void An_empty_group_is_not_written()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        int before = files.OperationCount;
        NeuroStoreException error =
            Assert.Throws<NeuroStoreException>(() => log.Write(new LogGroup()));
        Assert.Equal(ErrorCode.InvariantBroken, error.Code);
        Assert.Equal(before, files.OperationCount);
        LogFixture.Write(log, [1]);
    }

    [Fact]
    public void Creating_over_an_existing_log_is_refused_and_harms_nothing()
    {
        var files = new MemoryFileSystem();
        using (RecordLog log = LogFixture.Create(files))
        {
            LogFixture.Write(log, [5]);
        }

        NeuroStoreException error =
            Assert.Throws<NeuroStoreException>(() => LogFixture.Create(files));
        Assert.Equal(ErrorCode.InputOutput, error.Code);
        Assert.Equal([[5]], LogFixture.Records(files));
    }

    [Fact]
    public void The_log_of_another_database_is_refused()
    {
        var files = new MemoryFileSystem();
        LogFixture.Create(files).Dispose();
        CorruptionException error = Assert.Throws<CorruptionException>(
            () => RecordLog.Open(
                LogFixture.Seams(files),
                LogFixture.Directory,
                Guid.Empty,
                LogStart.New(LogFixture.Small),
                LogFixture.Small,
                new RecordCollector()));
        Assert.Contains("of another database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_was_not_closed_says_so()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        LogFixture.Write(log, [1]);
        var replay = new RecordCollector();
        using RecordLog again = LogFixture.Open(files.AfterKill(files.OperationCount), replay);
        Assert.False(again.Recovery.ClosedCleanly);
        Assert.Equal(1, again.Recovery.GroupCount);
        Assert.Equal([[1]], replay.Records);
    }

    [Fact]
    public void A_durable_group_is_one_write_of_whole_blocks_and_the_watermark()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files, new RecordLogOptions(16384, 65536, 65536));
        int before = files.OperationCount;
        LogFixture.Write(log, LogFixture.Record(1, 5000), LogFixture.Record(2, 100));
        FileOperation[] done = [.. files.Journal.Skip(before)];
        Assert.Equal(
            [FileOperationKind.WriteThrough, FileOperationKind.Write],
            done.Select(operation => operation.Kind));
        Assert.Equal(2 * LogFormat.BlockSizeBytes, done[0].Data.Length);
        Assert.Equal(LogFormat.BlockSizeBytes, done[0].Offset);
        Assert.Equal(LogFixture.Watermark, done[1].Path);
    }

    [Fact]
    public void No_byte_of_the_log_is_written_twice()
    {
        var files = new MemoryFileSystem();
        using (RecordLog log = LogFixture.Create(files))
        {
            for (int i = 0; i < 50; i++)
            {
                LogFixture.Write(log, LogFixture.Record(i, 37 * i * i % 9000 + 1));
            }
        }

        long end = LogFormat.FirstAddress;
        foreach (FileOperation write in files.Journal
            .Where(operation => operation.Kind == FileOperationKind.WriteThrough))
        {
            int number = int.Parse(
                Path.GetExtension(write.Path).AsSpan(1), null as IFormatProvider);
            long address = (number * (long)LogFixture.Small.SegmentSizeBytes) + write.Offset;
            Assert.Equal(end, address);
            end = address + write.Data.Length;
        }
    }
}
