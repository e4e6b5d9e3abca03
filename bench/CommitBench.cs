using System.Diagnostics;
using System.Security.Cryptography;

namespace NeuroDb.Bench;

/// <summary>
/// Durable commits: the latency of one writer beside a raw synchronous write, and the rate with
/// many transactions in flight beside RocksDB with as many threads.
/// </summary>
internal static class CommitBench
{
    private const int BlockSizeBytes = 4096;
    private const int WarmUpMs = 1500;
    private const long FirstRateId = 1_000_000_000;
    private const string RowText = "a row of a hundred bytes, more or less";

    /// <summary>Options: --commits 20000 --writers 64 --seconds 3 --encrypted 0.</summary>
    public static void Run(BenchArguments arguments)
    {
        int commits = arguments.Number("commits", 20_000);
        int writers = arguments.Number("writers", 64);
        int seconds = arguments.Number("seconds", 3);
        var report = new BenchReport($"commit: durable transactions, {writers} in flight");
        using var folder = new TemporaryFolder("commit");
        using var raw = new RawWrites(folder.File("raw"), BlockSizeBytes);
        double own;
        using EncryptionKey? key = arguments.Number("encrypted", 0) == 0
            ? null
            : EncryptionKey.FromBytes(RandomNumberGenerator.GetBytes(EncryptionKey.SizeBytes));
        var options = new NeuroStoreOptions { EncryptionKey = key };
        using (NeuroStore database = NeuroStore.Open(folder.File("db"), options))
        {
            database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v TEXT)");
            MeasureLatency(report, database, raw, commits);
            MeasureUnwritten(report, database);
            own = CommitRate.OfTasks(
                database, RowText, writers, FirstRateId, WarmUpMs, seconds * 1000);
        }

        report.Row($"NeuroStore, {writers} tasks", "", "", $"{own:N0}");
        report.Figure("group_tps", own);
        MeasureReplay(report, folder.File("db"), options);
        if (StoreKind.RocksDb.IsPresent)
        {
            Directory.CreateDirectory(folder.File("rocks"));
            using var rocks = new RocksDbRowStore(folder.File("rocks"));
            double theirs = CommitRate.OfThreads(rocks.Put, writers, 0, WarmUpMs, seconds * 1000);
            report.Row($"RocksDB 7.8.3, {writers} threads", "", "", $"{theirs:N0}");
            report.Figure("rocksdb_tps", theirs);
            report.Figure("group_ratio", own / theirs);
        }
        else
        {
            report.Note("RocksDB is not installed; run bench/peers/install.sh");
        }

        report.Print(arguments);
    }

    private static void MeasureLatency(
        BenchReport report, NeuroStore database, RawWrites raw, int commits)
    {
        using Session session = database.OpenSession();
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
        var write = new Timing();
        var commit = new Timing();
        for (int i = 0; i < commits; i++)
        {
            write.Sample(raw.WriteNext);
            long id = i;
            commit.Sample(() => insert.Execute(id, RowText));
        }

        report.Row("path", "p50 us", "p99 us", "per second");
        Add(report, "raw 4 KiB O_SYNC write", write);
        Add(report, "NeuroStore INSERT, durable", commit);
        report.Figure("commit_p50_ratio", commit.MedianUs / write.MedianUs);
        report.Figure("commit_p50_us", commit.MedianUs);
        report.Figure("raw_p50_us", write.MedianUs);
    }

    private static void MeasureUnwritten(BenchReport report, NeuroStore database)
    {
        const int WarmUp = 200_000;
        const int Count = 200_000;
        const long FirstId = 100_000_000;
        using Session session = database.OpenSession();
        session.Execute("SET durability = 'none'");
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
        long start = 0;
        for (int i = 0; i < WarmUp + Count; i++)
        {
            start = i == WarmUp ? Stopwatch.GetTimestamp() : start;
            insert.Execute(FirstId + i, RowText);
        }

        double mean = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Count;
        report.Row(
            "NeuroStore INSERT, durability none, mean",
            Timing.Cell(mean),
            "",
            $"{1e6 / mean:N0}");
        report.Figure("none_mean_us", mean);
    }

    // Every row was a transaction of its own: this is the log at its worst.
    private static void MeasureReplay(
        BenchReport report, string path, NeuroStoreOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        using NeuroStore database = NeuroStore.Open(path, options);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long rows = database.QueryScalar<long>("SELECT count(*) FROM t");
        report.Row($"reopen, {rows:N0} one-row commits", "", "", $"{rows / elapsed:N0}");
        report.Figure("replay_tps", rows / elapsed);
    }

    private static void Add(BenchReport report, string name, Timing timing) => report.Row(
        name,
        Timing.Cell(timing.MedianUs),
        Timing.Cell(timing.Percentile99Us),
        $"{1e6 / timing.MedianUs:N0}");
}
