using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace NeuroDb.Bench;

/// <summary>Runs the kernel benchmarks in this process and prints their ratios.</summary>
internal static class KernelBench
{
    /// <summary>
    /// Options: those of the report; <c>--form short</c> for seconds instead of minutes.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        if (arguments.Text("form", null) == "short")
        {
            ShortKernelBench.Run(arguments);
            return;
        }

        Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Path.Combine("artifacts", "benchmark-dotnet"));
        var report = new BenchReport(
            "kernels: ns for each row; ratios against System.Numerics.Tensors");
        report.Row("kernel", "dimension", "ns/row", "GB/s");
        Summary pairs = BenchmarkRunner.Run<PairKernels>(config);
        AddPairs(report, pairs);
        Summary scans = BenchmarkRunner.Run<ScanKernels>(config);
        AddScans(report, scans);
        report.Print(arguments);
    }

    private static void AddPairs(BenchReport report, Summary summary)
    {
        Dictionary<(string, int), double> times = Times(summary);
        foreach (((string name, int dimension), double ns) in times)
        {
            report.Row(name, $"{dimension}", Timing.Cell(ns), "");
        }

        foreach (string operation in (string[])["Dot", "L2", "Cosine"])
        {
            foreach (int dimension in (int[])[128, 384, 768, 1536])
            {
                double own = times[($"{operation}", dimension)];
                string key = string.Create(
                    CultureInfo.InvariantCulture, $"{operation.ToLowerInvariant()}_{dimension}");
                report.Figure(
                    $"{key}_vs_tensors", times[($"{operation}_Tensors", dimension)] / own);
                report.Figure($"{key}_vs_scalar", times[($"{operation}_Scalar", dimension)] / own);
            }
        }
    }

    private static void AddScans(BenchReport report, Summary summary)
    {
        Dictionary<(string, int), double> times = Times(summary);
        foreach (((string name, int dimension), double ns) in times)
        {
            double perRow = ns / ScanKernels.RowCountOf(dimension);
            double gigabytes = dimension * sizeof(float) / perRow;
            report.Row(name, $"{dimension}", Timing.Cell(perRow), Timing.Cell(gigabytes));
            if (name != nameof(ScanKernels.MemoryRead))
            {
                report.Figure(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name.ToLowerInvariant()}_{dimension}_of_bandwidth"),
                    times[(nameof(ScanKernels.MemoryRead), dimension)] / ns);
            }
        }
    }

    private static Dictionary<(string Name, int Dimension), double> Times(Summary summary) =>
        summary.Reports.Where(one => one.ResultStatistics is not null).ToDictionary(
            one => (
                one.BenchmarkCase.Descriptor.WorkloadMethod.Name,
                (int)one.BenchmarkCase.Parameters["Dimension"]),
            one => one.ResultStatistics!.Median);
}
