using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The bound of what checkpoints in the background write.</summary>
public sealed class WriteThrottleTests
{
    [Fact]
    public void It_waits_only_while_others_commit()
    {
        var clock = new ManualClock();
        long commits = 0;
        var throttle = new WriteThrottle(clock, 1000, () => commits);
        throttle.Take(1_000_000, CancellationToken.None);
        Assert.Equal(0, throttle.WaitCount);
        commits++;
        var writer = new Thread(() => throttle.Take(500, CancellationToken.None));
        writer.Start();
        while (clock.Armed is null)
        {
            Thread.Yield();
        }

        Assert.Equal(TimeSpan.FromSeconds(0.5), clock.Armed);
        clock.FireAll();
        writer.Join();
        Assert.Equal(1, throttle.WaitCount);
    }

    [Fact]
    public void Who_needs_the_end_ends_the_wait_and_lets_no_other_begin()
    {
        var clock = new ManualClock();
        long commits = 0;
        var throttle = new WriteThrottle(clock, 1000, () => Interlocked.Increment(ref commits));
        var writer = new Thread(() => throttle.Take(100_000, CancellationToken.None));
        writer.Start();
        while (clock.Armed is null)
        {
            Thread.Yield();
        }

        using (throttle.Hurry())
        {
            writer.Join();
            throttle.Take(100_000, CancellationToken.None);
        }

        Assert.Equal(1, throttle.WaitCount);
    }

    [Fact]
    public void A_wait_ends_when_it_is_cancelled()
    {
        var clock = new ManualClock();
        long commits = 0;
        var throttle = new WriteThrottle(clock, 1000, () => Interlocked.Increment(ref commits));
        using var cancellation = new CancellationTokenSource();
        Exception? error = null;
        var writer = new Thread(() => error = Record.Exception(
            () => throttle.Take(100_000, cancellation.Token)));
        writer.Start();
        while (clock.Armed is null)
        {
            Thread.Yield();
        }

        cancellation.Cancel();
        writer.Join();
        Assert.IsType<OperationCanceledException>(error);
    }

    [Fact]
    public void A_throttled_checkpoint_never_holds_up_writers_above_the_memory_budget()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = StorageFixture.Options with
        {
            MemoryBudgetBytes = 400_000,
            CheckpointBytesPerSecond = 1000,
        };

        // The clock stands: a wait that only it can end would never end.
        SystemSeams seams = StorageFixture.Threads(disk) with { Clock = new ManualClock() };
        using StorageEngine engine = StorageEngine.Open(seams, StorageFixture.Root, options);
        TableEntry table = StorageFixture.CreateNamed(engine);
        var threads = new Thread[4];
        for (int i = 0; i < threads.Length; i++)
        {
            int first = i * 100_000;
            threads[i] = new Thread(() =>
            {
                for (int batch = 0; batch < 6; batch++)
                {
                    StorageFixture.Insert(
                        engine, table, StorageFixture.NamedRows(first + (batch * 500) + 1, 500));
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(12_000, engine.Statistics().RowCount);
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Assert.Empty(engine.Verify(isQuick: false, default));
    }
}
