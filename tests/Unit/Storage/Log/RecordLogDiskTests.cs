using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The log on the machine's own disk and threads.</summary>
public sealed class RecordLogDiskTests : IDisposable
{
    private const int DataSyncFlag = 0x1000;
    private readonly string _directory =
        Path.Combine(Path.GetTempPath(), "neuro-log-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void Records_come_back_while_the_files_grow_in_the_background()
    {
        var expected = new List<byte[]>();
        using (RecordLog log = LogFixture.Create(
            SystemSeams.Real(), _directory, LogFixture.Small))
        {
            for (int i = 0; i < 60; i++)
            {
                expected.Add(LogFixture.Record(i, 1 + (i * 613 % 20_000)));
                LogFixture.Write(log, expected[^1]);
            }
        }

        var replay = new RecordCollector();
        using RecordLog again = RecordLog.Open(
            SystemSeams.Real(),
            _directory,
            LogFixture.DatabaseId,
            LogStart.New(LogFixture.Small),
            LogFixture.Small,
            replay);
        Assert.Equal(expected, replay.Records);
        Assert.True(again.Recovery.ClosedCleanly);
    }

    [Fact]
    public void Only_the_two_kinds_of_log_files_are_on_disk()
    {
        using (RecordLog log = LogFixture.Create(
            SystemSeams.Real(), _directory, RecordLogOptions.Default))
        {
            LogFixture.Write(log, [1, 2, 3]);
        }

        string[] names = [.. Directory.GetFileSystemEntries(_directory).Select(Path.GetFileName)!];
        Assert.Equal(["log.0", "watermark"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_log_is_appended_to_through_a_synchronous_handle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using RecordLog log = LogFixture.Create(
            SystemSeams.Real(), _directory, RecordLogOptions.Default);
        LogFixture.Write(log, [1]);
        string[] open = [.. Directory.GetFiles("/proc/self/fd")
            .Where(link => new FileInfo(link).LinkTarget == Path.Combine(_directory, "log.0"))];
        Assert.NotEmpty(open);
        foreach (string handle in open)
        {
            string flags = File.ReadAllLines(handle.Replace("/fd/", "/fdinfo/"))
                .Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
            int value = Convert.ToInt32(flags["flags:".Length..].Trim(), 8);
            Assert.Equal(DataSyncFlag, value & DataSyncFlag);
        }
    }
}
