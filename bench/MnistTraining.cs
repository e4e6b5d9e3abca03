using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>simple_cnn on the digits of MNIST, from the four IDX files of a folder.</summary>
internal static class MnistTraining
{
    private const int Seeds = 5;
    private const string Repository = "NeuroStore.sln";

    /// <summary>
    /// Options: --folder FOLDER --seeds 5 --epochs 3 --threads N --schedule linear --rows 60000.
    /// Without a folder it is that of the variable NEUROSTORE_MNIST, or shared/data/mnist beside
    /// the repository.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport("mnist: simple_cnn on MNIST, from scratch for each seed");
        string? folder = arguments.Text("folder", null)
            ?? Environment.GetEnvironmentVariable("NEUROSTORE_MNIST") ?? Beside();
        if (folder is null)
        {
            report.Row("MNIST is not found: --folder names its four IDX files");
            report.Print(arguments);
            return;
        }

        (double accuracy, double seconds) = Measure(report, arguments, folder, Seeds);
        report.Figure("mnist_accuracy", accuracy);
        report.Figure("mnist_pass_s", seconds);
        report.Print(arguments);
    }

    /// <summary>
    /// Trains once for each seed; gives the mean test accuracy and the mean seconds of a pass.
    /// </summary>
    public static (double Accuracy, double PassSeconds) Measure(
        BenchReport report, BenchArguments arguments, string folder, int seedsUsual)
    {
        int seeds = arguments.Number("seeds", seedsUsual);
        int epochs = arguments.Number("epochs", 3);
        int threads = arguments.Number("threads", Environment.ProcessorCount);
        string schedule = arguments.Text("schedule", "linear")!;
        ArrayExamples train =
            Read(folder, "train", 1, arguments.Number("rows", int.MaxValue));
        ArrayExamples test = Read(folder, "t10k", null, int.MaxValue);
        var shape = new TensorShape(28, 28, 1);
        Network network = NetworkBuilder.Build(
            shape, NamedNetworks.Describe("simple_cnn", [], 1, shape, 10));
        List<double> shares = [];
        List<double> passes = [];
        for (int seed = 1; seed <= seeds; seed++)
        {
            TrainingOptions options = new()
            {
                Epochs = epochs, Seed = (ulong)seed, Threads = threads, EarlyStopping = 0,
            };
            options = TrainingOptionParser.Set(options, "schedule", schedule);
            TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime;
            TrainingResult result = new Trainer(
                network, options, new SystemWorkers(threads), TimeProvider.System)
                .Run(train, test);
            used = Process.GetCurrentProcess().TotalProcessorTime - used;
            double accuracy = result.Log[^1].ValidationAccuracy ?? 0;
            shares.Add(accuracy);
            passes.Add(result.Log[^1].Seconds / epochs);
            report.Row(
                $"MNIST, seed {seed}, {epochs} passes, {threads} threads",
                $"{passes[^1]:F1} s a pass",
                $"{used.TotalSeconds / epochs:F1} s of processors",
                $"{100 * accuracy:F2} % right",
                $"weights {result.WeightHash[..16]}");
        }

        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"MNIST: {100 * shares.Average():F2} % right, mean of {seeds} seeds ("
            + $"{string.Join(" ", shares.Select(it => $"{100 * it:F2}"))}) after {epochs} "
            + $"passes, {schedule} schedule; {passes.Average():F1} s a pass, "
            + $"{passes.Max():F1} at most"));
        return (shares.Average(), passes.Average());
    }

    private static string? Beside()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Repository)))
            {
                string folder = Path.Combine(at.FullName, "..", "shared", "data", "mnist");
                return Directory.Exists(folder) ? folder : null;
            }
        }

        return null;
    }

    private static ArrayExamples Read(string folder, string name, ulong? seed, int rowsMax)
    {
        IdxFile images = IdxFile.Read(Unpack(Path.Combine(
            folder, $"{name}-images-idx3-ubyte.gz")));
        IdxFile labels = IdxFile.Read(Unpack(Path.Combine(
            folder, $"{name}-labels-idx1-ubyte.gz")));
        float[] targets = [.. labels.Data.ToArray().Take(rowsMax).Select(label => (float)label)];
        var pixels = new float[images.Data.Length / labels.Data.Length * targets.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = images.Data.Span[i] / 255f;
        }

        return new ArrayExamples(pixels, targets, targets.Length, seed);
    }

    private static byte[] Unpack(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
