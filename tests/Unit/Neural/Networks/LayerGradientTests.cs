using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>The gradient of every layer against central differences.</summary>
public sealed class LayerGradientTests
{
    /// <summary>Height, width, channels, list of layers.</summary>
    public static TheoryData<int, int, int, string> Networks => new()
    {
        { 1, 1, 5, "dense(7), tanh, dense(3)" },
        { 1, 1, 5, "dense(7), relu, dense(3)" },
        { 1, 1, 6, "dense(8), gelu, dense(8), sigmoid, dense(2), leaky_relu" },
        { 6, 5, 2, "conv(3, 3), tanh, flatten, dense(2)" },
        { 6, 6, 2, "conv(3, 3, same, stride=2), flatten, dense(2)" },
        { 5, 5, 3, "depthwise(3, same), tanh, conv(4, 1), flatten, dense(2)" },
        { 6, 6, 2, "separable(4, 3, same), avgpool(2), flatten, dense(2)" },
        { 6, 6, 2, "conv(3, 3, same), maxpool(2), flatten, dense(2)" },
        { 5, 5, 2, "conv(3, 3, same), maxpool(3, stride=2, same), flatten, dense(2)" },
        { 4, 4, 3, "conv(5, 3), batch_norm, tanh, global_avgpool, flatten, dense(2)" },
        { 1, 1, 6, "dense(8), layer_norm, dense(2)" },
        { 1, 1, 6, "dense(8), batch_norm, dense(2)" },
        { 1, 5, 3, "gru(4), dense(2)" },
        { 1, 5, 3, "gru(4, sequence), flatten, dense(2)" },
        { 1, 5, 4, "attention(2), flatten, dense(2)" },
        { 1, 4, 4, "position, transformer(2, 8), flatten, dense(2)" },
        { 1, 6, 2, "conv(3, 3, same), tanh, global_avgpool, dense(2)" },
        { 4, 4, 2, "residual(conv(2, 3, same), tanh, conv(2, 3, same)), flatten, dense(2)" },
        { 4, 4, 2, "residual(conv(4, 3, same, stride=2), tanh), flatten, dense(2)" },
        { 4, 4, 2, "conv(2, 1), residual(residual(tanh), sigmoid), flatten, dense(2)" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_gradient_is_the_limit_of_differences(
        int height, int width, int channels, string layers)
    {
        const int Count = 4;
        // Kinks are not to be crossed; smooth functions bear a longer step, which rounds less.
        float step = layers.Contains("relu", StringComparison.Ordinal)
            || layers.Contains("maxpool", StringComparison.Ordinal) ? 1e-3f : 1e-2f;
        Network network = NetworkBuilder.Build(
            new TensorShape(height, width, channels), layers);
        Memory<float> weights = Initializer.Create(network, 3, InitialValue.Glorot);
        float[] input = Numbers(Count * network.Input.Length, 4);
        float[] targets = Numbers(Count * network.Output.Length, 5);
        var run = new NetworkRun(network, Count, isTraining: true, needsInputGradient: true);
        var loss = Loss.Create(LossKind.MeanSquared);
        double Compute(float[] x, ReadOnlyMemory<float> w)
        {
            ReadOnlySpan<float> output = run.Forward(x, Count, w.Span, isTraining: true);
            return loss.Compute(
                output, targets, default, network.Output.Length, Count, run.OutputGradient)
                / Count;
        }

        Compute(input, weights);
        var gradients = new float[network.ParameterLength];
        run.Backward(weights.Span, gradients);
        float[] inputGradient = run.InputGradient.ToArray();
        int seed = 100;
        foreach (Tensor tensor in network.TensorsOf(weights))
        {
            if (tensor.Name.EndsWith("mean", StringComparison.Ordinal)
                || tensor.Name.EndsWith("variance", StringComparison.Ordinal))
            {
                continue;
            }

            float[] before = tensor.Data.ToArray();
            float[] direction = Numbers(before.Length, seed++);
            double Moved(float by)
            {
                Move(before, direction, by, tensor.Data.Span);
                return Compute(input, weights);
            }

            double slope = (Moved(step) - Moved(-step)) / (2 * step);
            Move(before, direction, 0, tensor.Data.Span);
            Memory<float> mine = network.TensorsOf(gradients)
                .Single(other => other.Name == tensor.Name).Data;
            Check(slope, mine.Span, direction, tensor.Name);
        }

        float[] inputDirection = Numbers(input.Length, 99);
        double MovedInput(float by)
        {
            var moved = new float[input.Length];
            Move(input, inputDirection, by, moved);
            return Compute(moved, weights);
        }

        double inputSlope = (MovedInput(step) - MovedInput(-step)) / (2 * step);
        Check(inputSlope, inputGradient, inputDirection, "input");
    }

    [Fact]
    public void An_embedding_learns_the_rows_that_it_read()
    {
        Network network = NetworkBuilder.Build(
            TensorShape.Flat(3), "embedding(5, 2), flatten, dense(1)");
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Glorot);
        var run = new NetworkRun(network, 1, isTraining: true);
        float[] output = run.Forward(new float[] { 4, 1, 4 }, 1, weights.Span, true).ToArray();
        run.OutputGradient.Fill(1);
        var gradients = new float[network.ParameterLength];
        run.Backward(weights.Span, gradients);
        float[] dense = network.TensorsOf(weights)[1].Data.ToArray();
        Span<float> rows = network.TensorsOf(gradients)[0].Data.Span;
        Assert.Single(output);
        Assert.Equal(dense[0] + dense[4], rows[8], 1e-6f);
        Assert.Equal(dense[2], rows[2], 1e-6f);
        Assert.Equal(0, rows[0]);
    }

    [Theory]
    [InlineData("CrossEntropy", 3)]
    [InlineData("BinaryCrossEntropy", 2)]
    [InlineData("MeanSquared", 2)]
    [InlineData("MeanAbsolute", 2)]
    [InlineData("Huber", 2)]
    [InlineData("Triplet", 3)]
    public void The_gradient_of_a_loss_is_the_limit_of_differences(string kind, int width)
    {
        const int Count = 6;
        var loss = Loss.Create(Enum.Parse<LossKind>(kind));
        float[] outputs = [.. Numbers(Count * width, 6).Select(number => number * 3)];
        float[] targets = [.. Enumerable.Range(0, Count * loss.TargetWidth(width))
            .Select(i => (float)(i % 2))];
        float[] weights = [1, 2, 0.5f, 1, 1, 3];
        var gradient = new float[outputs.Length];
        loss.Compute(outputs, targets, weights, width, 2, gradient);
        float[] direction = Numbers(outputs.Length, 7);
        double Moved(float by)
        {
            var moved = new float[outputs.Length];
            Move(outputs, direction, by, moved);
            return loss.Compute(
                moved, targets, weights, width, 2, new float[outputs.Length]) / 2;
        }

        Check((Moved(1e-3f) - Moved(-1e-3f)) / 2e-3, gradient, direction, kind);
    }

    internal static float[] Numbers(int count, int seed)
    {
        var random = new SeededRandomSource((ulong)seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => (float)((2 * Initializer.Uniform(random)) - 1))];
    }

    private static void Move(
        ReadOnlySpan<float> from, float[] direction, float step, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[i] + (step * direction[i]);
        }
    }

    private static void Check(
        double slope, ReadOnlySpan<float> gradient, float[] direction, string name)
    {
        double expected = 0;
        double size = 0;
        for (int i = 0; i < direction.Length; i++)
        {
            expected += (double)gradient[i] * direction[i];
            size += (double)gradient[i] * gradient[i];
        }

        double allowed = 1e-3 * Math.Max(Math.Sqrt(size), 0.02);
        Assert.True(
            Math.Abs(slope - expected) <= allowed,
            $"{name}: differences say {slope}, the gradient {expected} (size {size})");
    }
}
