using System.Diagnostics;
using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Bench;

/// <summary>
/// <c>dotnet run -c Release --project bench -- int8</c>: predictions of dense networks on floats
/// and on bytes, one thread, best of several runs of processor time, and how often both say the
/// same.
/// </summary>
internal static class ByteNetworkBench
{
    private const int Rows = 8192;
    private const int Repeats = 15;

    private static readonly (int Inputs, string Layers)[] Networks =
    [
        (2, "dense(64, relu), dense(64, relu), dense(1)"),
        (64, "dense(64, relu), dense(64, relu), dense(10)"),
        (128, "dense(128, relu), dense(64, relu), dense(10)"),
        (784, "dense(256, relu), dense(128, relu), dense(10)"),
        (512, "dense(512, relu), dense(512, relu), dense(16)"),
    ];

    /// <summary>Measures and prints.</summary>
    public static void Run(BenchArguments arguments)
    {
        Console.WriteLine(
            "network                     float rows/s  int8 rows/s  ratio  same class");
        double worst = double.PositiveInfinity;
        foreach ((int inputs, string layers) in Networks)
        {
            Network network = NetworkBuilder.Build(TensorShape.Flat(inputs), layers);
            Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
            var model = new NetworkModel(
                network, weights, LossKind.MeanSquared, ModelTask.Regressor);
            QuantizedNetworkModel packed =
                QuantizedNetworkModel.Quantize(model, StoredPrecision.Int8);
            float[] features = Numbers(Rows * inputs);
            int width = network.Output.Length;
            var expected = new float[Rows * width];
            var given = new float[Rows * width];
            double whole = double.PositiveInfinity;
            double bytes = double.PositiveInfinity;
            for (int i = 0; i < Repeats; i++)
            {
                whole = Math.Min(whole, SecondsOf(() => model.Predict(features, Rows, expected)));
                bytes = Math.Min(bytes, SecondsOf(() => packed.Predict(features, Rows, given)));
            }

            int same = Enumerable.Range(0, Rows).Count(row =>
                BestOf(expected, row, width) == BestOf(given, row, width));
            double ratio = whole / bytes;
            worst = Math.Min(worst, ratio);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{inputs + " " + layers.Replace("dense", "", StringComparison.Ordinal),-40} "
                + $"{Rows / whole,12:0} {Rows / bytes,12:0} {ratio,6:0.00} "
                + $"{(width > 1 ? same / (double)Rows : 1),8:0.0000} {packed.IsByteArithmetic}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"int8_ratio_least={worst:0.00}"));
        _ = arguments;
    }

    private static int BestOf(float[] outputs, int row, int width)
    {
        int best = 0;
        for (int i = 1; i < width; i++)
        {
            best = outputs[(row * width) + i] > outputs[(row * width) + best] ? i : best;
        }

        return best;
    }

    private static double SecondsOf(Action action)
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < 4; i++)
        {
            action();
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / 4;
    }

    private static float[] Numbers(int count)
    {
        var random = new SeededRandomSource(7);
        return [.. Enumerable.Range(0, count).Select(_ =>
            (float)((random.NextUInt64() >> 40) / (double)(1 << 24) * 2) - 1)];
    }
}
