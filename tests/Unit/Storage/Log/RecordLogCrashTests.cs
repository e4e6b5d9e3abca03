using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Whatever moment a crash chooses: acknowledged groups are there, none is there by half, and the
/// log opens without an error and goes on.
/// </summary>
public sealed class RecordLogCrashTests
{
    private const ulong SeedCount = 4;
    private static readonly int[] Sizes =
        [10, 5000, 1, 400, 40_000, 4000, 9000, 25_000, 90_000, 77];

    [Fact]
    public void Every_power_loss_keeps_what_was_acknowledged()
    {
        MemoryFileSystem files = RunWorkload(out List<Acknowledged> history);
        for (int moment = history[0].Operations; moment <= files.OperationCount; moment++)
        {
            for (ulong seed = 0; seed < SeedCount; seed++)
            {
                CheckImage(files.AfterPowerLoss(moment, seed), history, moment);
            }
        }
    }

    [Fact]
    public void Every_kill_keeps_what_was_acknowledged()
    {
        MemoryFileSystem files = RunWorkload(out List<Acknowledged> history);
        for (int moment = history[0].Operations; moment <= files.OperationCount; moment++)
        {
            CheckImage(files.AfterKill(moment), history, moment);
        }
    }

    [Fact]
    public void A_second_power_loss_during_recovery_keeps_what_was_acknowledged()
    {
        MemoryFileSystem files = RunWorkload(out List<Acknowledged> history);
        for (int moment = history[0].Operations; moment <= files.OperationCount; moment++)
        {
            ulong seed = 1 + ((ulong)moment % 3);
            MemoryFileSystem image = files.AfterPowerLoss(moment, seed);
            using (RecordLog log = LogFixture.Open(image, new RecordCollector()))
            {
            }

            for (int second = moment % 3; second <= image.OperationCount; second += 3)
            {
                CheckImage(image.AfterPowerLoss(second, seed + 1), history, moment);
            }
        }
    }

    [Fact]
    public void The_first_failed_write_stops_the_log_and_loses_nothing_acknowledged()
    {
        int count = RunWorkload(out _).OperationCount;
        for (int failFrom = 0; failFrom < count; failFrom++)
        {
            var files = new MemoryFileSystem { FailFrom = failFrom };
            var history = new List<Acknowledged>();
            NeuroStoreException error = Assert.Throws<NeuroStoreException>(
                () => Write(files, history));
            Assert.Equal(ErrorCode.InputOutput, error.Code);
            if (history.Count > 0)
            {
                files.FailFrom = int.MaxValue;
                CheckImage(files.AfterKill(files.OperationCount), history, files.OperationCount);
            }
        }
    }

    [Fact]
    public void A_stopped_log_names_the_first_cause()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        LogFixture.Write(log, [1]);
        files.FailFrom = files.OperationCount;
        Assert.Throws<NeuroStoreException>(() => LogFixture.Write(log, [2]));
        files.FailFrom = int.MaxValue;
        NeuroStoreException error =
            Assert.Throws<NeuroStoreException>(() => LogFixture.Write(log, [3]));
        Assert.Equal(ErrorCode.DatabaseStopped, error.Code);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        log.Dispose();
        Assert.Equal([[1]], LogFixture.Records(files));
    }

    [Fact]
    public void A_torn_group_is_reported_and_cut()
    {
        var files = new MemoryFileSystem();
        using RecordLog log = LogFixture.Create(files);
        LogFixture.Write(log, [1]);
        LogFixture.Write(log, LogFixture.Record(2, 30_000));
        int writes = 0;
        int moment = files.Journal.TakeWhile(operation =>
            operation.Kind != FileOperationKind.WriteThrough || ++writes < 4).Count();
        MemoryFileSystem image = files.AfterPowerLoss(moment, seed: 5);
        var replay = new RecordCollector();
        using RecordLog again = LogFixture.Open(image, replay);
        Assert.Equal([[1]], replay.Records);
        Assert.InRange(again.Recovery.TornBytes, 8192, 32_768);
        Assert.Equal(8192, again.Recovery.EndAddress);
        Assert.False(image.Bytes(LogFixture.Segment(0))[8192..].ContainsAnyExcept((byte)0));
    }

    private static MemoryFileSystem RunWorkload(out List<Acknowledged> history)
    {
        var files = new MemoryFileSystem();
        history = [];
        Write(files, history);
        return files;
    }

    private static void Write(MemoryFileSystem files, List<Acknowledged> history)
    {
        using (RecordLog log = LogFixture.Create(files))
        {
            history.Add(new Acknowledged(files.OperationCount, 0));
            for (int group = 0; group < Sizes.Length; group++)
            {
                LogFixture.Write(log, [.. WorkloadRecords(2 * (group + 1)).Skip(2 * group)]);
                history.Add(new Acknowledged(files.OperationCount, 2 * (group + 1)));
            }

            log.Close();
        }
    }

    /// <summary>The first records of the workload; a group is two of them.</summary>
    private static List<byte[]> WorkloadRecords(int recordCount)
    {
        Assert.Equal(0, recordCount % 2);
        var records = new List<byte[]>();
        for (int i = 0; i < recordCount; i += 2)
        {
            records.Add(LogFixture.Record(i, Sizes[i / 2]));
            records.Add(LogFixture.Record(i + 1, 3));
        }

        return records;
    }

    private static void CheckImage(
        MemoryFileSystem image, List<Acknowledged> history, int moment)
    {
        int before = history.Last(state => state.Operations <= moment).RecordCount;
        var replay = new RecordCollector();
        using (RecordLog log = LogFixture.Open(image, replay))
        {
            // The log is as some state after the acknowledged one left it, and goes on from there.
            Assert.True(replay.Records.Count >= before);
            Assert.Equal(WorkloadRecords(replay.Records.Count), replay.Records);
            LogFixture.Write(log, [42]);
        }

        List<byte[]> after = LogFixture.Records(image);
        Assert.Equal(replay.Records.Count + 1, after.Count);
        Assert.Equal([42], after[^1]);
    }

    private sealed record Acknowledged(int Operations, int RecordCount);
}
