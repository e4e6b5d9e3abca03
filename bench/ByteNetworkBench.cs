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
    private const int DenseRows = 8192;
    private const int ImageRows = 96;
    private const int Repeats = 15;

    private static readonly (TensorShape Input, int Rows, string Layers)[] Networks =
    [
        (TensorShape.Flat(2), DenseRows, "dense(64, relu), dense(64, relu), dense(1)"),
        (TensorShape.Flat(64), DenseRows, "dense(64, relu), dense(64, relu), dense(10)"),
        (TensorShape.Flat(128), DenseRows, "dense(128, relu), dense(64, relu), dense(10)"),
        (TensorShape.Flat(784), DenseRows, "dense(256, relu), dense(128, relu), dense(10)"),
        (TensorShape.Flat(512), DenseRows, "dense(512, relu), dense(512, relu), dense(16)"),
        (new TensorShape(28, 28, 1), ImageRows, "lenet5"),
        (new TensorShape(28, 28, 1), ImageRows, "simple_cnn"),
        (new TensorShape(32, 32, 3), ImageRows, "vgg_mini"),
        (new TensorShape(32, 32, 3), ImageRows, "resnet_mini"),
        (new TensorShape(32, 32, 3), ImageRows, "xception_mini"),
        (new TensorShape(32, 32, 3), ImageRows, "conv(64, 3, stride=2, relu), conv(128, 5, same, "
            + "stride=2, relu), conv(256, 1, relu), conv(256, 1, relu), flatten, dense(10)"),
    ];

    /// <summary>Options: --only TEXT leaves networks out whose layers have it not.</summary>
    public static void Run(BenchArguments arguments)
    {
        Console.WriteLine(
            "network                     float rows/s  int8 rows/s  ratio  same class");
        double worst = double.PositiveInfinity;
        string only = arguments.Text("only", null) ?? "";
        foreach ((TensorShape input, int rows, string layers) in Networks.Where(
            it => it.Layers.Contains(only, StringComparison.Ordinal)))
        {
            Network network = NamedNetworks.Names.Contains(layers)
                ? Recipe.Parse(layers).ToNetwork(input, 10)
                : NetworkBuilder.Build(input, layers);
            Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
            var model = new NetworkModel(
                network, weights, LossKind.MeanSquared, ModelTask.Regressor);
            QuantizedNetworkModel packed =
                QuantizedNetworkModel.Quantize(model, StoredPrecision.Int8);
            float[] features = Numbers(rows * input.Length);
            int width = network.Output.Length;
            var expected = new float[rows * width];
            var given = new float[rows * width];
            double whole = double.PositiveInfinity;
            double bytes = double.PositiveInfinity;
            for (int i = 0; i < Repeats; i++)
            {
                whole = Math.Min(whole, SecondsOf(() => model.Predict(features, rows, expected)));
                bytes = Math.Min(bytes, SecondsOf(() => packed.Predict(features, rows, given)));
            }

            int same = Enumerable.Range(0, rows).Count(row =>
                BestOf(expected, row, width) == BestOf(given, row, width));
            double ratio = whole / bytes;
            worst = Math.Min(worst, ratio);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{input + " " + layers.Replace("dense", "", StringComparison.Ordinal),-40} "
                + $"{rows / whole,12:0} {rows / bytes,12:0} {ratio,6:0.00} "
                + $"{(width > 1 ? same / (double)rows : 1),8:0.0000} {packed.IsByteArithmetic}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"int8_ratio_least={worst:0.00}"));
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
