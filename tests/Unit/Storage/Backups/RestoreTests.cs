using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A database as it was after any commit that is kept.</summary>
public sealed class RestoreTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Every_commit_of_a_history_comes_back_as_it_was(int seed, bool isEncrypted)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionFixture.Key() : null;
        using var history = new RestoreFixture(seed, key);
        for (int i = 0; i < 30; i++)
        {
            history.Step();
        }

        Assert.InRange(
            history.Disk.List("/db").Count(static path => DatabaseFiles.IsManifest(
                Path.GetFileName(path))),
            2,
            100);
        long last = history.States.Keys.Last();
        foreach (long commit in history.States.Keys)
        {
            RestoreSummary summary = history.RestoreCommit(commit);
            Assert.Equal(commit, summary.LastCommit);
            history.Check(commit);
            if (commit < last)
            {
                history.RestoreMoment(history.States[commit].Moment.AddSeconds(5));
                history.Check(commit);
            }
        }

        // The same of a database that nobody has open.
        history.Engine.Dispose();
        foreach (long commit in history.States.Keys.Where(static number => number % 7 == 0))
        {
            history.RestoreCommit(commit);
            history.Check(commit);
        }

        Assert.Empty(DirectoryVerifier.Verify(
            StorageFixture.Seams(history.Disk), history.Target, key, false, default));
    }

    [Fact]
    public void A_transaction_in_parts_comes_back_whole()
    {
        using var history = new RestoreFixture(12, bulkStartSizeBytes: long.MaxValue);
        history.Insert(10);
        history.Insert(300_000);
        history.Insert(10);
        foreach (long commit in history.States.Keys.TakeLast(3))
        {
            history.RestoreCommit(commit);
            history.Check(commit);
        }
    }

    [Fact]
    public void Moments_outside_what_is_kept_are_refused_with_the_range()
    {
        using var history = new RestoreFixture(4);
        for (int i = 0; i < 5; i++)
        {
            history.Insert(10);
        }

        (long last, var state) = history.States.Last();
        DateTimeOffset first = history.States.First().Value.Moment;
        foreach (Action restore in (Action[])
            [
                () => history.RestoreCommit(last + 1),
                () => history.RestoreMoment(state.Moment.AddSeconds(1)),
                () => history.RestoreMoment(first.AddDays(-1)),
            ])
        {
            NeuroStoreException error = Assert.Throws<NeuroStoreException>(restore);
            Assert.Equal(ErrorCode.RestoreImpossible, error.Code);
            Assert.Contains("can be restored is commit", error.Message, StringComparison.Ordinal);
            Assert.False(history.Disk.DirectoryExists(history.Target));
        }
    }

    [Fact]
    public void A_backup_and_the_log_that_follows_it_lead_to_every_later_commit()
    {
        using var history = new RestoreFixture(5);
        history.Insert(5000);
        history.Engine.BackUp("/backup", isCompact: false, CancellationToken.None);
        long backedUp = history.Engine.Statistics().CommitTimestamp;
        for (int i = 0; i < 12; i++)
        {
            history.Step();
        }

        foreach (long commit in history.States.Keys)
        {
            if (commit >= backedUp)
            {
                history.RestoreCommit(commit, "/backup", StorageFixture.Root);
                history.Check(commit);
            }
        }

        history.RestoreCommit(backedUp, "/backup");
        history.Check(backedUp);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => history.RestoreCommit(backedUp + 1, "/backup"));
        Assert.Equal(ErrorCode.RestoreImpossible, error.Code);
    }

    [Fact]
    public void What_is_older_than_the_bound_of_time_is_given_back()
    {
        using var history = new RestoreFixture(
            6, null, new LogRetention { Time = TimeSpan.FromSeconds(100) });
        for (int i = 0; i < 40; i++)
        {
            history.Insert(2000);
            history.Engine.Checkpoint(isFull: true, CancellationToken.None);
        }

        long[] possible = Possible(history);
        (DateTimeOffset Moment, string[]) last = history.States.Last().Value;
        Assert.InRange(possible.Length, 10, 14);
        Assert.All(possible, commit => Assert.True(
            history.States[commit].Moment >= last.Moment.AddSeconds(-130)));
        Assert.InRange(
            history.Disk.List("/db").Count(static path => DatabaseFiles.IsManifest(
                Path.GetFileName(path))),
            2,
            14);
    }

    [Fact]
    public void What_is_over_the_bound_of_size_is_given_back()
    {
        using var history = new RestoreFixture(7, null, new LogRetention { SizeBytes = 300_000 });
        for (int i = 0; i < 40; i++)
        {
            history.Insert(2000);
            history.Engine.Checkpoint(isFull: false, CancellationToken.None);
        }

        Assert.InRange(Possible(history).Length, 3, 15);
        Assert.InRange(history.Disk.List("/db/wal").Count, 2, 5);
    }

    [Fact]
    public void Giving_the_past_up_gives_its_space_back()
    {
        using var history = new RestoreFixture(8);
        for (int i = 0; i < 10; i++)
        {
            history.Insert(3000);
            history.Engine.Checkpoint(isFull: true, CancellationToken.None);
        }

        int before = IntegrityFixture.Files(history.Disk).Count;
        history.Options = history.Options with { RetainLog = null };
        history.Reopen();
        Assert.Equal(before, IntegrityFixture.Files(history.Disk).Count);
        history.RestoreCommit(3);
        history.Check(3);
        history.Options = history.Options with { RetainLog = LogRetention.None };
        history.Reopen();
        Assert.InRange(IntegrityFixture.Files(history.Disk).Count, 3, before / 2);
        Assert.Single(Possible(history));
    }

    [Fact]
    public void An_unfinished_restore_is_no_database()
    {
        using var history = new RestoreFixture(9);
        history.Insert(3000);
        for (int i = 0; i < 20; i++)
        {
            history.Insert(10);
        }

        int failAt = history.Disk.OperationCount;
        RestoreSummary summary = history.RestoreCommit(history.States.Keys.Last());
        Assert.InRange(summary.ReplayedCommitCount, 20, 100);
        int count = history.Disk.OperationCount - failAt;
        for (int step = 0; step < count; step += 7)
        {
            history.Disk.FailFrom = int.MaxValue;
            using var copy = new RestoreDisk(history.Disk.Copy(), step);
            Assert.ThrowsAny<NeuroStoreException>(() => DatabaseRestore.Run(
                StorageFixture.Seams(copy.Disk, history.Clock),
                StorageFixture.Root,
                StorageFixture.Root,
                "/other",
                new RestorePoint(history.States.Keys.Last(), 0),
                history.Options,
                default));
            copy.Disk.FailFrom = int.MaxValue;
            if (copy.Disk.DirectoryExists("/other") && copy.Disk.List("/other").Count > 0)
            {
                Assert.Throws<NeuroStoreException>(() => StorageEngine.Open(
                    StorageFixture.Seams(copy.Disk), "/other", StorageFixture.Options));
            }
        }
    }

    [Fact]
    public void Without_its_manifest_the_last_state_comes_back_from_an_earlier_checkpoint()
    {
        using var history = new RestoreFixture(13);
        for (int i = 0; i < 6; i++)
        {
            history.Insert(2500);
            history.Delete(300);
            history.Engine.Checkpoint(isFull: i == 3, CancellationToken.None);
        }

        history.Insert(20);
        history.Engine.Dispose();
        string manifest = history.Disk.List("/db").Where(static path => DatabaseFiles.IsManifest(
            Path.GetFileName(path))).MaxBy(static path => path.Length * 1000 + path[^1])!;
        history.Disk.Delete(manifest);
        Assert.Throws<CorruptionException>(() => history.Open());
        long last = history.States.Keys.Last();
        RestoreSummary summary = history.RestoreCommit(last);
        Assert.InRange(summary.ReplayedCommitCount, 2, 100);
        history.Check(last);
    }

    [Fact]
    public void A_clock_that_goes_back_never_mixes_the_order_of_moments()
    {
        using var history = new RestoreFixture(10);
        history.Insert(5);
        DateTimeOffset before = history.Clock.Now;
        history.Insert(5);
        history.Clock.Now -= TimeSpan.FromHours(5);
        history.Insert(5);
        long third = history.States.Keys.Last();
        history.Clock.Now = before.AddSeconds(30);
        history.Insert(5);
        Assert.Equal(third, history.RestoreMoment(before.AddSeconds(1)).LastCommit);
        history.Check(third);
    }

    [Fact]
    public void Damage_of_the_history_is_refused_by_name()
    {
        var history = new RestoreFixture(11);
        history.Insert(100);
        history.Dispose();
        string path = Path.Combine(StorageFixture.Root, HistoryFile.Name);
        for (int at = 0; at < history.Disk.Bytes(path).Length; at += 5)
        {
            history.Disk.Bytes(path)[at] ^= 4;
            CorruptionException error = Assert.Throws<CorruptionException>(() => history.Open());
            Assert.Equal(path, error.FilePath);
            history.Disk.Bytes(path)[at] ^= 4;
        }

        history.Open().Dispose();
    }

    private static long[] Possible(RestoreFixture history)
    {
        var possible = new List<long>();
        foreach (long commit in history.States.Keys)
        {
            try
            {
                history.RestoreCommit(commit);
                history.Check(commit);
                possible.Add(commit);
            }
            catch (NeuroStoreException error) when (error.Code == ErrorCode.RestoreImpossible)
            {
                continue;
            }
        }

        return [.. possible];
    }

    private sealed class RestoreDisk : IDisposable
    {
        public RestoreDisk(MemoryFileSystem disk, int step)
        {
            Disk = disk;
            Disk.FailFrom = Disk.OperationCount + step;
        }

        public MemoryFileSystem Disk { get; }

        public void Dispose() => Disk.FailFrom = int.MaxValue;
    }
}
