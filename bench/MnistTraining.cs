using System.Diagnostics;
using System.IO.Compression;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>simple_cnn on the digits of MNIST, from the four IDX files of a folder.</summary>
internal static class MnistTraining
{
    /// <summary>Trains once for each seed and reports the test accuracy.</summary>
    public static void Run(BenchReport report, BenchArguments arguments, string folder)
    {
        int seeds = arguments.Number("seeds", 1);
        int epochs = arguments.Number("epochs", 3);
        int threads = arguments.Number("threads", Environment.ProcessorCount);
        ArrayExamples train = Read(folder, "train", 1);
        ArrayExamples test = Read(folder, "t10k", null);
        var shape = new TensorShape(28, 28, 1);
        Network network = NetworkBuilder.Build(
            shape, NamedNetworks.Describe("simple_cnn", [], 1, shape, 10));
        double sum = 0;
        for (int seed = 1; seed <= seeds; seed++)
        {
            TrainingOptions options = new()
            {
                Epochs = epochs, Seed = (ulong)seed, Threads = threads, EarlyStopping = 0,
            };
            TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime;
            TrainingResult result = new Trainer(
                network, options, new SystemWorkers(threads), TimeProvider.System)
                .Run(train, test);
            used = Process.GetCurrentProcess().TotalProcessorTime - used;
            double accuracy = result.Log[^1].ValidationAccuracy ?? 0;
            sum += accuracy;
            report.Row(
                $"MNIST, seed {seed}, {epochs} passes, {threads} threads",
                $"{result.Log[^1].Seconds / epochs:F1} s a pass",
                $"{used.TotalSeconds / epochs:F1} s of processors",
                $"{accuracy:P2} right");
        }

        report.Detail("mnist_accuracy", sum / seeds);
    }

    private static ArrayExamples Read(string folder, string name, ulong? seed)
    {
        IdxFile images = IdxFile.Read(Unpack(Path.Combine(
            folder, $"{name}-images-idx3-ubyte.gz")));
        IdxFile labels = IdxFile.Read(Unpack(Path.Combine(
            folder, $"{name}-labels-idx1-ubyte.gz")));
        var pixels = new float[images.Data.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = images.Data.Span[i] / 255f;
        }

        float[] targets = [.. labels.Data.ToArray().Select(label => (float)label)];
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
