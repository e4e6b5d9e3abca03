using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>
/// Bulk load through the appender into a durable database: narrow rows a second, and vectors
/// beside the write bandwidth of the device.
/// </summary>
internal static class LoadBench
{
    private const int DeviceBlockSizeBytes = 1 << 20;

    /// <summary>Options: --rows 4000000 --vectors 200000 --dimension 768.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 4_000_000);
        int vectorRows = arguments.Number("vectors", 200_000);
        int dimension = arguments.Number("dimension", 768);
        var report = new BenchReport("load: durable bulk load by the appender");
        using var folder = new TemporaryFolder("load");
        using NeuroStore database = NeuroStore.Open(folder.File("db"));
        double device = DeviceBandwidth(folder.File("raw"));
        double narrow = LoadRows(database, rows);
        double vectors = LoadVectors(database, vectorRows, dimension);
        double deviceAfter = DeviceBandwidth(folder.File("raw2"));
        double bandwidth = (device + deviceAfter) / 2;
        report.Row("path", "rows/s", "MB/s");
        report.Row("raw 1 MiB O_SYNC writes", "", Timing.Cell(bandwidth / 1e6));
        report.Row("narrow rows (BIGINT key, DOUBLE)", $"{narrow:N0}", "");
        double bytes = vectors * dimension * sizeof(float);
        report.Row($"vectors ({dimension})", $"{vectors:N0}", Timing.Cell(bytes / 1e6));
        report.Figure("narrow_rows_per_s", narrow);
        report.Figure("vector_device_ratio", bytes / bandwidth);
        report.Figure("device_mb_per_s", bandwidth / 1e6);
        report.Print(arguments);
    }

    private static double DeviceBandwidth(string path)
    {
        using var raw = new RawWrites(path, DeviceBlockSizeBytes);
        const int Blocks = 400;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Blocks; i++)
        {
            raw.WriteNext();
        }

        return Blocks * (double)DeviceBlockSizeBytes
            / Stopwatch.GetElapsedTime(start).TotalSeconds;
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
