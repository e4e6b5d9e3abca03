using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Twenty steps of training from equal weights give the losses that PyTorch gave; those are stored
/// beside the script that made them.
/// </summary>
public sealed class LossCurveTests
{
    private const string Mlp = "dense(16), relu, dense(12), tanh, dense({0})";

    /// <summary>Curve, layers, inputs, loss, optimizer, rate.</summary>
    public static TheoryData<string, string, string, string, double> Curves => new()
    {
        { "mlp_sgd", Mlp.Replace("{0}", "3"), "CrossEntropy", "Sgd", 0.05 },
        { "mlp_momentum", Mlp.Replace("{0}", "3"), "CrossEntropy", "Momentum", 0.02 },
        { "mlp_adam", Mlp.Replace("{0}", "3"), "CrossEntropy", "Adam", 0.01 },
        { "mlp_adamw", Mlp.Replace("{0}", "3"), "CrossEntropy", "AdamW", 0.01 },
        { "mlp_rmsprop", Mlp.Replace("{0}", "3"), "CrossEntropy", "RmsProp", 0.005 },
        { "mlp_adagrad", Mlp.Replace("{0}", "3"), "CrossEntropy", "AdaGrad", 0.05 },
        { "mlp_mse", Mlp.Replace("{0}", "2"), "MeanSquared", "Adam", 0.01 },
        { "mlp_mae", Mlp.Replace("{0}", "2"), "MeanAbsolute", "Adam", 0.01 },
        { "mlp_huber", Mlp.Replace("{0}", "2"), "Huber", "Adam", 0.01 },
        { "mlp_bce", Mlp.Replace("{0}", "2"), "BinaryCrossEntropy", "Adam", 0.01 },
        { "mlp_smoothed", Mlp.Replace("{0}", "3"), "CrossEntropy", "Adam", 0.01 },
        {
            "cnn",
            "conv(8, 3), relu, conv(8, 3, same), batch_norm, relu, maxpool(2), flatten, dense(3)",
            "CrossEntropy",
            "Adam",
            0.01
        },
        { "gru", "gru(5), dense(2)", "CrossEntropy", "Adam", 0.01 },
        {
            "attention",
            "residual(layer_norm, attention(2)), flatten, dense(2)",
            "CrossEntropy",
            "Adam",
            0.01
        },
    };

    [Theory]
    [MemberData(nameof(Curves))]
    public void Losses_are_those_of_the_reference(
        string curve, string layers, string lossName, string optimizerName, double rate)
    {
        TensorShape shape = curve switch
        {
            "cnn" => new TensorShape(8, 8, 2),
            "gru" => new TensorShape(1, 4, 3),
            "attention" => new TensorShape(1, 3, 4),
            _ => TensorShape.Flat(6),
        };
        int count = curve == "cnn" ? 6 : 10;
        int seed = curve switch { "cnn" => 3, "gru" or "attention" => 4, _ => 1 };
        Network network = NetworkBuilder.Build(shape, layers);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        FillWeights(network.TensorsOf(weights), curve);
        float[] x = Numbers(count * shape.Length, seed, 1);
        var kind = Enum.Parse<LossKind>(lossName);
        var loss = Loss.Create(kind, curve == "mlp_smoothed" ? 0.1 : 0);
        float[] y = TargetsOf(kind, count, network.Output.Length);
        var optimizerKind = Enum.Parse<OptimizerKind>(optimizerName);
        var optimizer = new Optimizer(
            network, optimizerKind, optimizerKind == OptimizerKind.AdamW ? 0.1 : 0);
        var workers = new SystemWorkers(1);
        var step = new GradientStep(network, loss, count, 1, workers);
        double[] expected = ReferenceOf(curve);
        for (int i = 0; i < expected.Length; i++)
        {
            double actual = step.Run(x, y, default, count, count, weights, 1) / count;
            Assert.True(
                Math.Abs(actual - expected[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i])),
                $"step {i}: the reference is {expected[i]}, ours {actual}");
            optimizer.Step(weights, step.Gradients, rate, workers);
        }
    }

    private static float[] TargetsOf(LossKind kind, int count, int width) => kind switch
    {
        LossKind.CrossEntropy =>
            [.. Enumerable.Range(0, count).Select(i => (float)(i % width))],
        LossKind.BinaryCrossEntropy =>
            [.. Numbers(count * width, 2, 1).Select(number => number > 0 ? 1f : 0f)],
        _ => Numbers(count * width, 2, 1),
    };

    private static void FillWeights(IReadOnlyList<Tensor> tensors, string curve)
    {
        int seed = curve switch { "cnn" => 30, "gru" => 40, "attention" => 50, _ => 10 };
        foreach (Tensor tensor in tensors)
        {
            if (!tensor.Name.Contains("norm", StringComparison.Ordinal))
            {
                Numbers(tensor.Data.Length, seed++, 0.3).CopyTo(tensor.Data);
            }
        }
    }

    /// <summary>As in the script that made the reference.</summary>
    private static float[] Numbers(int count, int seed, double scale)
    {
        long state = seed;
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            state = ((state * 1103515245) + 12345) % 2147483648;
            values[i] = (float)((((state >> 8) % 10007 / 10007.0 * 2) - 1) * scale);
        }

        return values;
    }

    private static double[] ReferenceOf(string curve)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Neural", "Reference", "losses.json")));
        return
        [
            .. document.RootElement.GetProperty("losses").GetProperty(curve).EnumerateArray()
                .Select(loss => loss.GetDouble()),
        ];
    }
}
