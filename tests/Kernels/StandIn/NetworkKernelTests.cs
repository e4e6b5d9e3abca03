using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device forms of what networks compute.</summary>
public sealed class NetworkKernelTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 9)]
    [InlineData(11, 18, 3)]
    public void Products_agree_with_the_reference(int rows, int columns, int depth)
    {
        float[] a = VectorData.Floats(rows * depth, 1);
        float[] b = VectorData.Floats(depth * columns, 2);
        float[] bias = VectorData.Floats(columns, 3);
        foreach (MatrixLayout layout in Enum.GetValues<MatrixLayout>())
        {
            var shape = new MatrixShape(layout, rows, columns, depth);
            var expected = new double[rows * columns];
            MatrixProduct.ComputeScalar(shape, a, b, expected);
            float[] c = VectorData.Floats(rows * columns, 4);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = Math.Max(0, expected[i] + c[i] + bias[i % columns]);
            }

            Launch(() => MatrixProductKernel.Run(
                new(a),
                new(b),
                new(bias),
                new(c),
                shape,
                EpilogueFlags.Added | EpilogueFlags.Biased | EpilogueFlags.Rectified));
            Agreement.Of(expected, c, 1e-5);
        }
    }

    [Theory]
    [InlineData(5, 4, 2, 3, 3, 1, true)]
    [InlineData(6, 6, 3, 2, 3, 2, true)]
    [InlineData(7, 5, 1, 5, 2, 2, false)]
    public void Convolutions_agree_with_the_reference(
        int height, int width, int channels, int outChannels, int kernel, int stride, bool same)
    {
        ConvolutionShape shape = ConvolutionShape
            .Create(height, width, channels, outChannels, kernel, kernel, stride, same).Of(2);
        float[] x = VectorData.Floats(2 * shape.ImageLength, 5);
        float[] w = VectorData.Floats(shape.WeightLength, 6);
        float[] dy = VectorData.Floats(2 * shape.OutImageLength, 7);
        var y = new double[dy.Length];
        var dx = new double[x.Length];
        var dw = new double[w.Length];
        ScalarConvolution.Forward(shape, x, w, y);
        ScalarConvolution.InputGradient(shape, dy, w, dx);
        ScalarConvolution.WeightGradient(shape, x, dy, dw);
        var output = new float[y.Length];
        var inputGradient = new float[x.Length];
        var weightGradient = new float[w.Length];
        Launch(() => ConvolutionKernel.Forward(
            new(x), new(w), new(new float[1]), new(output), shape, EpilogueFlags.None));
        Launch(() => ConvolutionKernel.InputGradient(
            new(dy), new(w), new(inputGradient), shape));
        Launch(() => ConvolutionKernel.AddWeightGradient(
            new(x), new(dy), new(weightGradient), shape));
        Agreement.Of(y, output, 1e-5);
        Agreement.Of(dx, inputGradient, 1e-5);
        Agreement.Of(dw, weightGradient, 1e-5);
    }

    [Theory]
    [InlineData(5, 4, 3, 3, 1, true)]
    [InlineData(6, 7, 2, 3, 2, true)]
    [InlineData(6, 6, 5, 2, 2, false)]
    public void Depthwise_convolutions_and_pooling_agree_with_the_reference(
        int height, int width, int channels, int kernel, int stride, bool same)
    {
        ConvolutionShape shape = ConvolutionShape
            .Create(height, width, channels, channels, kernel, kernel, stride, same).Of(2);
        float[] x = VectorData.Floats(2 * shape.ImageLength, 8);
        float[] w = VectorData.Floats(kernel * kernel * channels, 9);
        float[] dy = VectorData.Floats(2 * shape.OutImageLength, 10);
        foreach (DepthwisePass pass in Enum.GetValues<DepthwisePass>())
        {
            float[] left = pass == DepthwisePass.InputGradient ? dy : x;
            float[] right = pass == DepthwisePass.WeightGradient ? dy : w;
            int length = pass == DepthwisePass.Forward ? dy.Length
                : pass == DepthwisePass.InputGradient ? x.Length : w.Length;
            var expected = new double[length];
            var actual = new float[length];
            DepthwiseConvolution.ComputeScalar(shape, pass, left, right, expected);
            Launch(() => DepthwiseKernel.Run(
                new(left), new(right), new(actual), shape, pass));
            Agreement.Of(expected, actual, 1e-5);
        }

        foreach (PoolingKind kind in Enum.GetValues<PoolingKind>())
        {
            var y = new float[dy.Length];
            var taps = new byte[dy.Length];
            var dx = new float[x.Length];
            Pooling.ForwardScalar(kind, shape, x, y, taps);
            Pooling.BackwardScalar(kind, shape, dy, taps, dx);
            var output = new float[dy.Length];
            var sources = new byte[dy.Length];
            var gradient = new float[x.Length];
            Launch(() => PoolingKernel.Forward(
                new(x), new(output), new(sources), shape, kind));
            Launch(() => PoolingKernel.Backward(
                new(dy), new(sources), new(gradient), shape, kind));
            Agreement.Of(y, output, 1e-6);
            Agreement.Of(dx, gradient, 1e-5);
        }
    }

    [Fact]
    public void Activations_and_softmax_agree_with_the_reference()
    {
        float[] x = [.. VectorData.Floats(33, 11).Select(number => number * 5)];
        float[] dy = VectorData.Floats(33, 12);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            var y = new float[33];
            var dx = new float[33];
            Launch(() => ActivationKernel.Forward(new(x), new(y), kind));
            Launch(() => ActivationKernel.Backward(new(x), new(y), new(dy), new(dx), kind));
            Agreement.Of([.. x.Select(n => Activation.ComputeScalar(kind, n))], y, 2e-6);
            Agreement.Of(
                [.. x.Select((n, i) => dy[i] * Activation.DerivativeScalar(kind, n))], dx, 2e-6);
        }

        byte[] mask = [.. dy.Select(number => (byte)(number > 0 ? 1 : 0))];
        var kept = new float[33];
        Launch(() => DropoutKernel.Run(new(x), new(mask), new(kept), 2));
        Agreement.Of(
            [.. x.Select((n, i) => Dropout.ApplyScalar(n, mask[i], 2))], kept, 1e-6);

        float[] labels = [10, 0, 3];
        var expected = new float[33];
        Softmax.Compute(x, 11, expected);
        var p = new float[33];
        Launch(() => SoftmaxKernel.Run(new(x), new(p), 11));
        Agreement.Of(expected, p, 1e-6);
        Softmax.CrossEntropy(x, expected, labels, default, 11, 0, 3);
        Launch(() => SoftmaxKernel.CrossEntropy(new(p), new(labels), 11));
        Agreement.Of(expected, p, 1e-6);
    }

    [Fact]
    public void Normalisations_agree_with_the_processor()
    {
        const int Rows = 9;
        const int Columns = 6;
        float[] x = VectorData.Floats(Rows * Columns, 13);
        float[] dy = VectorData.Floats(Rows * Columns, 14);
        float[] gain = VectorData.Floats(Columns, 15);
        float[] bias = VectorData.Floats(Columns, 16);
        var host = new NormalizationArrays(Rows, Columns);
        var device = new NormalizationArrays(Rows, Columns);
        VectorWidth width = VectorWidths.Widest;
        LayerNormalization.Forward(x, gain, bias, host.Y, host.Moments, width);
        LayerNormalization.Backward(
            x, gain, dy, host.Moments, host.Gradient, host.Gain, host.Bias, width);
        Launch(() => LayerNormalizationKernel.Forward(
            new(x), new(gain), new(bias), new(device.Y), new(device.Moments)));
        Launch(() => LayerNormalizationKernel.Backward(
            new(x), new(gain), new(dy), new(device.Moments), new(device.Gradient)));
        Launch(() => LayerNormalizationKernel.AddGainGradient(
            new(x), new(dy), new(device.Moments), new(device.Gain), new(device.Bias)));
        host.Matches(device);

        host = new NormalizationArrays(Rows, Columns);
        device = new NormalizationArrays(Rows, Columns);
        BatchNormalization.Moments(x, host.Mean, host.Variance, width);
        BatchNormalization.Apply(x, host.Mean, host.Variance, gain, bias, host.Y, width);
        BatchNormalization.Backward(
            x, host.Mean, host.Variance, gain, dy, host.Gradient, host.Gain, host.Bias, width);
        Launch(() => BatchNormalizationKernel.Moments(
            new(x), new(device.Mean), new(device.Variance)));
        Launch(() => BatchNormalizationKernel.Apply(
            new(x),
            new(device.Mean),
            new(device.Variance),
            new(gain),
            new(bias),
            new(device.Y)));
        Launch(() => BatchNormalizationKernel.Backward(
            new(x),
            new(device.Mean),
            new(device.Variance),
            new(gain),
            new(dy),
            new(device.Gradient),
            new(device.Gain),
            new(device.Bias)));
        host.Matches(device);
    }

    [Fact]
    public void Updates_agree_with_the_processor()
    {
        foreach (UpdateRule rule in Enum.GetValues<UpdateRule>())
        {
            float[] host = VectorData.Floats(37, 17);
            float[] device = [.. host];
            float[] gradients = VectorData.Floats(37, 18);
            var moments = new float[4][];
            for (int i = 0; i < 4; i++)
            {
                moments[i] = new float[37];
            }

            for (int t = 1; t <= 3; t++)
            {
                UpdateStep step = NormalizationTests.StepOf(rule, t);
                WeightUpdate.Run(
                    step, host, gradients, moments[0], moments[1], VectorWidths.Widest);
                Launch(() => UpdateKernel.Run(
                    new(device), new(gradients), new(moments[2]), new(moments[3]), step));
            }

            Agreement.Of(host, device, 1e-5);
        }
    }

    private static void Launch(Action kernel) => Lane.Launch(2, 4, 4, kernel);
}
