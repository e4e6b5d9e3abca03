using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>How many durable one-row transactions a second many writers at once commit.</summary>
internal static class CommitRate
{
    /// <summary>NeuroStore with so many tasks in flight on the pool's few threads.</summary>
    /// <param name="database">A database with a table t of a BIGINT key and a value.</param>
    /// <param name="value">The value of every row.</param>
    /// <param name="writers">The tasks.</param>
    /// <param name="firstKey">The first key; the following are free.</param>
    /// <param name="warmUpMs">How long nothing is counted.</param>
    /// <param name="countMs">How long the commits are counted.</param>
    /// <param name="begin">Called when counting begins.</param>
    /// <param name="end">Called with the count when it ends.</param>
    public static double OfTasks(
        NeuroStore database, object value, int writers, long firstKey, int warmUpMs, int countMs,
        Action? begin = null, Action<long>? end = null)
    {
        long total = 0;
        long next = firstKey;
        using var stop = new CancellationTokenSource();
        async Task WriteAsync()
        {
            using Session session = database.OpenSession();
            using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
            while (!stop.IsCancellationRequested)
            {
                long id = Interlocked.Increment(ref next);
                await insert.ExecuteAsync(id, value);
                Interlocked.Increment(ref total);
            }
        }

        Task[] tasks = [.. Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync))];
        return CountWhile(warmUpMs, countMs, ref total, begin, end, () =>
        {
            stop.Cancel();
            Task.WaitAll(tasks);
        });
    }

    /// <summary>A store that joins the commits of so many threads.</summary>
    /// <param name="put">Stores the row of a key durably.</param>
    /// <param name="writers">The threads.</param>
    /// <param name="firstKey">The first key; the following are free.</param>
    /// <param name="warmUpMs">How long nothing is counted.</param>
    /// <param name="countMs">How long the commits are counted.</param>
    public static double OfThreads(
        Action<long> put, int writers, long firstKey, int warmUpMs, int countMs)
    {
        long total = 0;
        long next = firstKey;
        bool isStopping = false;
        void Write()
        {
            while (!Volatile.Read(ref isStopping))
            {
                put(Interlocked.Increment(ref next));
                Interlocked.Increment(ref total);
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, writers).Select(_ => new Thread(Write))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        return CountWhile(warmUpMs, countMs, ref total, null, null, () =>
        {
            Volatile.Write(ref isStopping, true);
            foreach (Thread thread in threads)
            {
                thread.Join();
            }
        });
    }

    private static double CountWhile(
        int warmUpMs, int countMs, ref long total, Action? begin, Action<long>? end, Action stop)
    {
        Thread.Sleep(warmUpMs);
        begin?.Invoke();
        long before = Interlocked.Read(ref total);
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(countMs);
        long counted = Interlocked.Read(ref total) - before;
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        end?.Invoke(counted);
        stop();
        return counted / elapsed;
    }
}
