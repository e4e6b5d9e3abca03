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
        { 6, 6, 2, "conv(3, 3, pad=1, stride=2), flatten, dense(2)" },
        { 6, 5, 2, "depthwise(3, pad=2), maxpool(3, stride=2, pad=1), flatten, dense(2)" },
        { 1, 6, 2, "conv(3, 3, pad=1), avgpool(2, pad=1), flatten, dense(2)" },
        { 5, 5, 3, "depthwise(3, same), tanh, conv(4, 1), flatten, dense(2)" },
        { 6, 6, 2, "separable(4, 3, same), avgpool(2), flatten, dense(2)" },
        { 6, 6, 2, "conv(3, 3, same), maxpool(2), flatten, dense(2)" },
        { 5, 5, 2, "conv(3, 3, same), maxpool(3, stride=2, same), flatten, dense(2)" },
        { 4, 4, 3, "conv(5, 3), batch_norm, tanh, global_avgpool, flatten, dense(2)" },
        { 1, 1, 6, "dense(8), layer_norm, dense(2)" },
        { 1, 1, 6, "dense(8), batch_norm, dense(2)" },
        { 1, 5, 3, "gru(4), dense(2)" },
        { 1, 5, 3, "gru(4, sequence), flatten, dense(2)" },
        { 1, 5, 3, "lstm(4), dense(2)" },
        { 1, 5, 3, "lstm(4, sequence), lstm(3), dense(2)" },
        { 1, 1, 5, "dense(6), elu, dense(6), silu, dense(5), softplus, dense(3), selu" },
        { 1, 1, 5, "dense(6), hard_sigmoid, dense(5), hard_swish, dense(3)" },
        { 1, 1, 5, "dense(7), relu6, dense(3)" },
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
        // Kinks are not to be crossed; smooth functions bear a longer step, which rounds less.
        float step = layers.Contains("relu", StringComparison.Ordinal)
            || layers.Contains("maxpool", StringComparison.Ordinal) ? 1e-3f : 1e-2f;
        var check = new GradientCheck(new TensorShape(height, width, channels), layers);
        check.Backward();
        int seed = 100;
        foreach (Tensor tensor in check.Tensors)
        {
            float[] before = tensor.Data.ToArray();
            float[] direction = Numbers(before.Length, seed++);
            double Moved(float by)
            {
                Move(before, direction, by, tensor.Data.Span);
                return check.Compute(check.Input);
            }

            double slope = (Moved(step) - Moved(-step)) / (2 * step);
            Move(before, direction, 0, tensor.Data.Span);
            Check(slope, check.GradientOf(tensor.Name), direction, tensor.Name);
        }

        float[] inputDirection = Numbers(check.Input.Length, 99);
        double MovedInput(float by)
        {
            var moved = new float[check.Input.Length];
            Move(check.Input, inputDirection, by, moved);
            return check.Compute(moved);
        }

        double inputSlope = (MovedInput(step) - MovedInput(-step)) / (2 * step);
        Check(inputSlope, check.InputGradient, inputDirection, "input");
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
