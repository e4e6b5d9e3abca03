using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Activations, softmax and normalisations against their definitions.</summary>
public sealed class ActivationTests
{
    public static TheoryData<int> Lengths => new(1, 3, 10, 16, 17, 50, 64, 200);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Activations_agree_with_the_reference(int length)
    {
        float[] x = [.. VectorData.Floats(length, 1).Select(number => number * 6)];
        float[] dy = VectorData.Floats(length, 2);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            double[] expected = [.. x.Select(n => Activation.ComputeScalar(kind, n))];
            double[] slopes =
                [.. x.Select((n, i) => dy[i] * Activation.DerivativeScalar(kind, n))];
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var y = new float[length];
                var dx = new float[length];
                Activation.Forward(kind, x, y, width);
                Agreement.Of(expected, y, 2e-6);
                Activation.Backward(kind, x, y, dy, dx, width);
                Agreement.Of(slopes, dx, 2e-6);
            }
        }
    }

    [Fact]
    public void A_derivative_is_the_limit_of_differences()
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            for (double x = -4.05; x < 4.1; x += 0.3)
            {
                double difference = (Activation.ComputeScalar(kind, x + 1e-5)
                    - Activation.ComputeScalar(kind, x - 1e-5)) / 2e-5;
                Assert.Equal(difference, Activation.DerivativeScalar(kind, x), 1e-7);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Gradients_of_bias_and_rectifier_take_one_pass(int columns)
    {
        const int Rows = 7;
        float[] y = VectorData.Floats(Rows * columns, 3);
        float[] dy = VectorData.Floats(Rows * columns, 4);
        var sums = new double[columns];
        double[] masked = [.. dy.Select((number, i) => y[i] > 0 ? number : 0)];
        for (int i = 0; i < masked.Length; i++)
        {
            sums[i % columns] += masked[i];
        }

        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            float[] gradient = [.. dy];
            var bias = new float[columns];
            Activation.RectifierBackward(y, gradient, bias, width);
            Agreement.Of(masked, gradient, 0);
            Agreement.Of(sums, bias, 1e-5);
            Activation.AddColumnSums(gradient, bias, width);
            Agreement.Of([.. sums.Select(sum => 2 * sum)], bias, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Softmax_agrees_with_the_reference(int columns)
    {
        float[] x = [.. VectorData.Floats(3 * columns, 5).Select(number => number * 30)];
        var expected = new double[x.Length];
        for (int row = 0; row < 3; row++)
        {
            Softmax.ComputeScalar(
                x.AsSpan(row * columns, columns), expected.AsSpan(row * columns, columns));
        }

        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var p = new float[x.Length];
            Softmax.Compute(x, columns, p, width);
            Agreement.Of(expected, p, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dropout_keeps_what_its_mask_keeps(int length)
    {
        float[] x = VectorData.Floats(length, 7);
        byte[] mask = [.. VectorData.Floats(length, 8).Select(n => (byte)(n > 0 ? 1 : 0))];
        double[] expected = [.. x.Select((n, i) => Dropout.ApplyScalar(n, mask[i], 1.25f))];
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var y = new float[length];
            Dropout.Apply(x, mask, 1.25f, y, width);
            Agreement.Of(expected, y, 1e-6);
        }

        Assert.Throws<ArgumentException>(() => Dropout.Apply(
            x, mask.AsSpan(1), 1, new float[length], VectorWidths.Widest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void The_gradient_of_cross_entropy_is_that_of_its_loss(float smoothing)
    {
        const int Columns = 5;
        float[] labels = [4, 0, 2];
        float[] weights = [1, 2, 0.5f];
        float[] x = VectorData.Floats(3 * Columns, 6);
        double Loss(float[] inputs, float[] p)
        {
            Softmax.Compute(inputs, Columns, p);
            return Softmax.CrossEntropy(inputs, p, labels, weights, Columns, smoothing, 3);
        }

        var gradient = new float[x.Length];
        Loss(x, gradient);
        for (int i = 0; i < x.Length; i++)
        {
            float[] up = [.. x];
            float[] down = [.. x];
            up[i] += 0.01f;
            down[i] -= 0.01f;
            double slope = (Loss(up, new float[x.Length]) - Loss(down, new float[x.Length]))
                / (up[i] - down[i]);
            Assert.Equal(slope / 3, gradient[i], 1e-4);
        }
    }
}
