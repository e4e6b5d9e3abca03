using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>
/// Bulk load through the appender into a durable database: narrow rows a second, and vectors
/// beside the write bandwidth of the device. Then the time to open the database again.
/// </summary>
internal static class LoadBench
{
    private const int DeviceBlockSizeBytes = 1 << 20;
    private const int DirectBlockSizeBytes = 4 << 20;
    private const int DeviceSizeBytes = 60 << 20;

    /// <summary>Options: --rows 4000000 --vectors 200000 --dimension 768.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 4_000_000);
        int vectorRows = arguments.Number("vectors", 200_000);
        int dimension = arguments.Number("dimension", 768);
        var report = new BenchReport("load: durable bulk load by the appender");
        using var folder = new TemporaryFolder("load");
        string path = folder.File("db");
        (double narrow, double vectors) = (0, 0);
        var overwrite = new List<double>();
        var append = new List<double>();
        var direct = new List<double>();
        double fresh = FreshMemory.Bandwidth();
        Measure();
        using (NeuroStore database = NeuroStore.Open(path))
        {
            narrow = LoadRows(database, rows);
            Measure();
            vectors = LoadVectors(database, vectorRows, dimension) * dimension * sizeof(float);
        }

        Measure();
        double reopen = Reopen(path, rows + vectorRows);
        double logBytes = Directory.GetFiles(path, "log.*", SearchOption.AllDirectories)
            .Sum(static file => (double)new FileInfo(file).Length);
        report.Row("path", "rows/s", "MB/s");
        Add("raw 1 MiB O_SYNC writes over blocks that exist", overwrite.Average());
        Add("raw 1 MiB O_SYNC writes at the end of a growing file", append.Average());
        Add("raw 4 MiB writes past the cache at the end of a growing file", direct.Average());
        Add("first touch of fresh memory", fresh);
        report.Row("narrow rows (BIGINT key, DOUBLE)", $"{narrow:N0}", "");
        Add($"vectors ({dimension})", vectors);
        report.Row($"reopen, {logBytes / 1e6:N0} MB of log, ms", "", $"{reopen * 1e3:N0}");
        report.Figure("fresh_memory_mb_per_s", fresh / 1e6);
        report.Figure("narrow_rows_per_s", narrow);
        report.Figure("vector_device_ratio", vectors / overwrite.Average());
        report.Figure("vector_append_ratio", vectors / append.Average());
        report.Figure("vector_direct_ratio", vectors / direct.Average());
        report.Figure("device_mb_per_s", overwrite.Average() / 1e6);
        report.Figure("device_append_mb_per_s", append.Average() / 1e6);
        report.Figure("device_direct_mb_per_s", direct.Average() / 1e6);
        double peak = Process.GetCurrentProcess().PeakWorkingSet64;
        report.Row("peak memory, MB", "", $"{peak / 1e6:N0}");
        report.Figure("peak_memory_mb", peak / 1e6);
        report.Figure("reopen_ms", reopen * 1e3);
        report.Print(arguments);

        void Add(string name, double bytesPerSecond) =>
            report.Row(name, "", Timing.Cell(bytesPerSecond / 1e6));

        // Before, between and after the loads: the device of a shared machine is not steady.
        void Measure()
        {
            using var raw = new RawWrites(folder.File("raw"), DeviceBlockSizeBytes);
            overwrite.Add(Bandwidth(raw, DeviceBlockSizeBytes));
            using var growing = new RawWrites(
                folder.File("growing"), DeviceBlockSizeBytes, isWritten: false);
            append.Add(Bandwidth(growing, DeviceBlockSizeBytes));
            using var past = new RawWrites(
                folder.File("direct"), DirectBlockSizeBytes, isWritten: false, isDirect: true);
            direct.Add(Bandwidth(past, DirectBlockSizeBytes));
        }
    }

    private static double Bandwidth(RawWrites raw, int blockSizeBytes)
    {
        long start = Stopwatch.GetTimestamp();
        for (int written = 0; written < DeviceSizeBytes; written += blockSizeBytes)
        {
            raw.WriteNext();
        }

        return DeviceSizeBytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Reopen(string path, long rows)
    {
        long start = Stopwatch.GetTimestamp();
        using NeuroStore database = NeuroStore.Open(path);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long found = database.QueryScalar<long>("SELECT count(*) FROM narrow")
            + database.QueryScalar<long>("SELECT count(*) FROM wide");
        return found == rows
            ? elapsed
            : throw new InvalidOperationException($"{found} of {rows} rows came back");
    }

    private static double LoadRows(NeuroStore database, int rows)
    {
        database.Execute("CREATE TABLE narrow (id BIGINT PRIMARY KEY, v DOUBLE PRECISION)");
        long start = Stopwatch.GetTimestamp();
        using Appender appender = database.CreateAppender("narrow");
        for (int i = 0; i < rows; i++)
        {
            appender.Append((long)i);
            appender.Append(i * 0.5);
            appender.EndRow();
        }

        appender.Complete();
        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double LoadVectors(NeuroStore database, int rows, int dimension)
    {
        database.Execute($"CREATE TABLE wide (id BIGINT PRIMARY KEY, v VECTOR({dimension}))");
        const int Distinct = 4096;
        float[] vectors = VectorData.Clustered(Distinct, dimension, seed: 3);
        long start = Stopwatch.GetTimestamp();
        using Appender appender = database.CreateAppender("wide");
        for (int i = 0; i < rows; i++)
        {
            appender.Append((long)i);
            appender.Append(vectors.AsMemory(i % Distinct * dimension, dimension));
            appender.EndRow();
        }

        appender.Complete();
        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
