using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

public sealed class LogSegmentsTests
{
    [Fact]
    public void The_next_file_gets_no_name_before_the_file_before_it_is_durable()
    {
        var files = new MemoryFileSystem();
        var workers = new DeferredWorkers();
        SystemSeams seams = LogFixture.Seams(files) with { Workers = workers };
        RecordLogOptions sizes = LogFixture.Small;
        files.CreateDirectory(LogFixture.Directory);
        var start = LogStart.New(sizes);
        LogSegments.Create(seams, LogFixture.Directory, start, sizes.GrowthStepBytes);
        using LogSegments segments = LogSegments.Open(
            seams,
            LogFixture.Directory,
            start,
            sizes.GrowthStepBytes,
            new LogExtent(start.Address, start.Address, sizes.GrowthStepBytes));
        segments.GrowAhead(segments.WrittenAhead);
        segments.BeginUnordered();
        long from = segments.WrittenAhead;
        segments.Write(from, new byte[sizes.SegmentSizeBytes - from]);
        workers.RunAll();
        MemoryFileSystem image = files.AfterPowerLoss(files.OperationCount, seed: 0);
        Assert.True(
            !image.FileExists(LogFixture.Segment(1))
            || image.Bytes(LogFixture.Segment(0)).Length == sizes.SegmentSizeBytes);
        segments.EndUnordered();
        segments.EnsureWritten(sizes.SegmentSizeBytes + 1);
        Assert.True(files.FileExists(LogFixture.Segment(1)));
    }
}
