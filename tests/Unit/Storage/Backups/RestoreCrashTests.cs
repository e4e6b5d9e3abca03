using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// What is kept of the past survives the loss of power at any moment: what the history then says
/// can be restored is there, and the database itself is as it would be without.
/// </summary>
public sealed class RestoreCrashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_loss_of_power_all_that_is_kept_can_be_restored(int seed)
    {
        var retention = new LogRetention { Time = TimeSpan.FromSeconds(60) };
        using var history = new RestoreFixture(seed, null, retention, keepsJournal: true);
        for (int i = 0; i < 14; i++)
        {
            history.Insert(i % 4 == 0 ? 9000 : 300);
            if (i % 3 == 1)
            {
                history.Engine.Checkpoint(isFull: i % 2 == 0, CancellationToken.None);
            }
        }

        int restoredCount = 0;
        int count = history.Disk.OperationCount;
        for (int at = 60 + seed; at <= count; at += 11)
        {
            MemoryFileSystem disk = history.Disk.AfterPowerLoss(at, (ulong)(at % 4));
            StorageOptions options = history.Options;
            SystemSeams seams = StorageFixture.Seams(disk, history.Clock);
            long last;
            using (StorageEngine engine = StorageEngine.Open(seams, StorageFixture.Root, options))
            {
                last = engine.Statistics().CommitTimestamp;
                Assert.Equal(history.States[last].Rows, StorageFixture.Dump(engine));
            }

            int number = 0;
            using var source = RestoreSource.Open(seams, StorageFixture.Root, null);
            RetainedCheckpoint[] kept = [.. source.Checkpoints];
            source.Dispose();
            foreach (long commit in (long[])[kept[0].Timestamp, kept[^1].Timestamp, last])
            {
                string target = $"/restored-{number++}";
                DatabaseRestore.Run(
                    seams,
                    StorageFixture.Root,
                    StorageFixture.Root,
                    target,
                    new RestorePoint(commit, 0),
                    options,
                    default);
                using StorageEngine restored = StorageEngine.Open(
                    seams, target, options with { RetainLog = null });
                Assert.Equal(history.States[commit].Rows, StorageFixture.Dump(restored));
                restoredCount++;
            }
        }

        Assert.InRange(restoredCount, 30, 3000);
    }
}
