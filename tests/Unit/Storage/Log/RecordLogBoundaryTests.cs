using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A log of normal sizes at the end of its first file.</summary>
public sealed class RecordLogBoundaryTests
{
    private const int FillSizeBytes = 15 << 20;
    private const int StepSizeBytes = 400 << 10;
    private static readonly LogStart Start = LogStart.New(RecordLogOptions.Default);

    [Fact]
    public void A_log_of_normal_sizes_goes_on_in_the_next_file_whenever_the_power_goes()
    {
        MemoryFileSystem files = Fill(out int filled);
        int[] counts;
        using (RecordLog log = RecordLog.Open(
            LogFixture.Seams(files),
            LogFixture.Directory,
            LogFixture.DatabaseId,
            Start,
            RecordLogOptions.Default,
            new RecordCollector()))
        {
            counts = WriteOver(files, log, filled);
            Assert.True(log.EndAddress > RecordLogOptions.Default.SegmentSizeBytes);
        }

        for (int moment = 0; moment <= files.OperationCount; moment++)
        {
            int promised = filled + counts.Count(count => count <= moment);
            MemoryFileSystem image = files.AfterPowerLoss(moment, (ulong)(moment % 3));
            List<byte[]> records = LogFixture.Records(image, Start);
            Assert.InRange(records.Count, promised, promised + 1);
            for (int i = filled; i < records.Count; i++)
            {
                Assert.Equal(LogFixture.Record(i, records[i].Length), records[i]);
            }
        }
    }

    // A disk whose log ends shortly before the end of its first file.
    private static MemoryFileSystem Fill(out int records)
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files, RecordLogOptions.Default);
        byte[] large = new byte[FillSizeBytes];
        LogFixture.Write(log, large, large, large, large);
        records = 4;
        long room = RecordLogOptions.Default.SegmentSizeBytes - StepSizeBytes;
        while (log.EndAddress + StepSizeBytes < room)
        {
            LogFixture.Write(log, new byte[StepSizeBytes - LogFormat.BlockSizeBytes]);
            records++;
        }

        return files.AfterKill(files.OperationCount);
    }

    // A frame that ends with the file, one behind it, and one group that was written in no order.
    private static int[] WriteOver(MemoryFileSystem files, RecordLog log, int number)
    {
        long room = RecordLogOptions.Default.SegmentSizeBytes - log.EndAddress;
        int blocks = (int)(room / LogFormat.BlockSizeBytes);
        int half = LogFormat.PayloadCapacity(blocks / 2) - sizeof(int);
        LogFixture.Write(log, LogFixture.Record(number, half));
        int first = files.OperationCount;
        int rest = LogFormat.PayloadCapacity(blocks - (blocks / 2)) - sizeof(int);
        LogFixture.Write(log, LogFixture.Record(number + 1, rest));
        Assert.Equal(RecordLogOptions.Default.SegmentSizeBytes, log.EndAddress);
        int second = files.OperationCount;
        LogFixture.Write(log, LogFixture.Record(number + 2, 100));
        int third = files.OperationCount;
        LogFixture.Write(log, LogFixture.Record(number + 3, 600_000));
        return [first, second, third, files.OperationCount];
    }
}
