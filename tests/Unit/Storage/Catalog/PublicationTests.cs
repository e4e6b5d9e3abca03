using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Manifest, SUPER and the shortened log together: whatever moment a crash chooses, files and log
/// give every acknowledged group exactly once.
/// </summary>
public sealed class PublicationTests
{
    private const string Root = "/db";
    private const int GroupCount = 24;
    private const int CheckpointInterval = 5;

    [Fact]
    public void Every_power_loss_during_publication_and_truncation_loses_nothing()
    {
        var files = new MemoryFileSystem();
        var history = new List<int>();
        Run(files, history);
        for (int moment = history[0]; moment <= files.OperationCount; moment++)
        {
            int promised = history.Count(operations => operations <= moment) - 1;
            for (ulong seed = 0; seed < 5; seed++)
            {
                Check(files.AfterPowerLoss(moment, seed), promised);
            }

            Check(files.AfterKill(moment), promised);
        }
    }

    [Fact]
    public void Every_operation_that_fails_loses_nothing()
    {
        var whole = new MemoryFileSystem();
        Run(whole, []);
        for (int room = 0; room < whole.OperationCount; room++)
        {
            var files = new MemoryFileSystem { FailFrom = room };
            var history = new List<int>();
            Exception? error = Record.Exception(() => Run(files, history));

            // Only closing the log may fail without a word: nothing is lost by it.
            bool isExpected = error is null
                ? history.Count == GroupCount + 1
                : error is NeuroStoreException or IOException;
            Assert.True(isExpected, error?.ToString());
            if (history.Count > 0)
            {
                files.FailFrom = int.MaxValue;
                Check(files, history.Count - 1);
            }
        }
    }

    [Fact]
    public void A_manifest_that_is_gone_is_damage()
    {
        var files = new MemoryFileSystem();
        Run(files, []);
        string path = files.List(Root).Single(
            name => name.Contains("MANIFEST", StringComparison.Ordinal));
        files.Delete(path);
        CorruptionException error = Assert.Throws<CorruptionException>(() => Check(files, 0));
        Assert.Equal(path, error.FilePath);
    }

    // The manifest's timestamp stands for the rows of the groups before it.
    private static void Run(MemoryFileSystem files, List<int> history)
    {
        using DatabaseDirectory directory = Open(files, out RecordLog log, out _, out _);
        using (log)
        {
            history.Add(files.OperationCount);
            for (int group = 0; group < GroupCount; group++)
            {
                LogFixture.Write(log, Group(group));
                history.Add(files.OperationCount);
                if (group % CheckpointInterval == CheckpointInterval - 1)
                {
                    Checkpoint(files, directory, log, group + 1);
                }
            }
        }
    }

    private static void Checkpoint(
        MemoryFileSystem files, DatabaseDirectory directory, RecordLog log, int groups)
    {
        SuperBlock super = directory.Super;
        LogPosition position = log.CommittedEnd;
        Manifest manifest = ManifestTests.Sample() with
        {
            DatabaseId = super.DatabaseId,
            Number = super.Manifest.Number + 1,
            Timestamp = groups,
            Tables = [],
        };
        ManifestReference reference = manifest.Write(
            files, directory.Files.ManifestPath(manifest.Number));
        directory.Publish(super with
        {
            Generation = super.Generation + 1,
            Manifest = reference,
            CheckpointTimestamp = groups,
            LogStart = super.LogStart.At(position),
        });
        log.RemoveBefore(position);
        directory.Files.RemoveUnreferenced(directory.Files.NamedBy(manifest).ToHashSet());
    }

    private static void Check(MemoryFileSystem files, int promised)
    {
        for (int opening = 0; opening < 2; opening++)
        {
            using DatabaseDirectory directory = Open(
                files, out RecordLog log, out long kept, out List<byte[]> records);
            using (log)
            {
                directory.RepairSuper();
                log.RemoveBefore(directory.Super.LogStart.Position);
                Assert.InRange(kept + records.Count, promised, promised + 1);
                for (int i = 0; i < records.Count; i++)
                {
                    Assert.Equal(Group((int)kept + i), records[i]);
                }

                long first = directory.Super.LogStart.SegmentNumber;
                Assert.DoesNotContain(
                    files.List(directory.LogPath),
                    path => int.TryParse(
                        Path.GetExtension(path).TrimStart('.'), out int number)
                        && number < first);
            }
        }
    }

    private static DatabaseDirectory Open(
        MemoryFileSystem files, out RecordLog log, out long kept, out List<byte[]> records)
    {
        var directory = DatabaseDirectory.Lock(LogFixture.Seams(files), Root);
        bool isOpen = false;
        try
        {
            SuperBlock super = directory.OpenSuper(LogFixture.Small);
            kept = directory.ReadManifest()?.Timestamp ?? 0;
            Assert.Equal(super.CheckpointTimestamp, kept);
            var replay = new RecordCollector();
            log = directory.OpenLog(LogFixture.Small, replay, replayed: null);
            records = replay.Records;
            isOpen = true;
            return directory;
        }
        finally
        {
            if (!isOpen)
            {
                directory.Dispose();
            }
        }
    }

    private static byte[] Group(int number) =>
        LogFixture.Record(number, 300 + (number * 7219 % 45_000));
}
