using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device forms of what networks compute.</summary>
public sealed class NetworkKernelTests : IDisposable
{
    private readonly KernelDevice _device = new(2, 4, 4);

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

            ArrayView<float> product = _device.Send(c);
            _device.Launch(
                MatrixProductKernel.Run,
                _device.Send(a),
                _device.Send(b),
                _device.Send(bias),
                product,
                shape,
                EpilogueFlags.Added | EpilogueFlags.Biased | EpilogueFlags.Rectified);
            Agreement.Of(expected, _device.Fetch(product), 1e-5);
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
        ArrayView<float> input = _device.Send(x);
        ArrayView<float> weights = _device.Send(w);
        ArrayView<float> gradient = _device.Send(dy);
        ArrayView<float> output = Zeros(y.Length);
        ArrayView<float> inputGradient = Zeros(x.Length);
        ArrayView<float> weightGradient = Zeros(w.Length);
        _device.Launch(
            ConvolutionKernel.Forward,
            input,
            weights,
            Zeros(1),
            output,
            shape,
            EpilogueFlags.None);
        _device.Launch(ConvolutionKernel.InputGradient, gradient, weights, inputGradient, shape);
        _device.Launch(
            ConvolutionKernel.AddWeightGradient, input, gradient, weightGradient, shape);
        Agreement.Of(y, _device.Fetch(output), 1e-5);
        Agreement.Of(dx, _device.Fetch(inputGradient), 1e-5);
        Agreement.Of(dw, _device.Fetch(weightGradient), 1e-5);
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
            ArrayView<float> actual = Zeros(length);
            DepthwiseConvolution.ComputeScalar(shape, pass, left, right, expected);
            _device.Launch(
                DepthwiseKernel.Run,
                _device.Send(left),
                _device.Send(right),
                actual,
                shape,
                pass);
            Agreement.Of(expected, _device.Fetch(actual), 1e-5);
        }

        foreach (PoolingKind kind in Enum.GetValues<PoolingKind>())
        {
            var y = new float[dy.Length];
            var taps = new byte[dy.Length];
            var dx = new float[x.Length];
            Pooling.ForwardScalar(kind, shape, x, y, taps);
            Pooling.BackwardScalar(kind, shape, dy, taps, dx);
            ArrayView<float> output = Zeros(dy.Length);
            ArrayView<byte> sources = _device.Send(new byte[dy.Length]);
            ArrayView<float> gradient = Zeros(x.Length);
            _device.Launch(
                PoolingKernel.Forward, _device.Send(x), output, sources, shape, kind);
            _device.Launch(
                PoolingKernel.Backward, _device.Send(dy), sources, gradient, shape, kind);
            Agreement.Of(y, _device.Fetch(output), 1e-6);
            Agreement.Of(dx, _device.Fetch(gradient), 1e-5);
        }
    }

    [Fact]
    public void Activations_and_softmax_agree_with_the_reference()
    {
        float[] x = [.. VectorData.Floats(33, 11).Select(number => number * 5)];
        float[] dy = VectorData.Floats(33, 12);
        ArrayView<float> input = _device.Send(x);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            ArrayView<float> y = Zeros(33);
            ArrayView<float> dx = Zeros(33);
            _device.Launch(ActivationKernel.Forward, input, y, kind);
            _device.Launch(ActivationKernel.Backward, input, y, _device.Send(dy), dx, kind);
            Agreement.Of(
                [.. x.Select(n => Activation.ComputeScalar(kind, n))], _device.Fetch(y), 2e-6);
            Agreement.Of(
                [.. x.Select((n, i) => dy[i] * Activation.DerivativeScalar(kind, n))],
                _device.Fetch(dx),
                2e-6);
        }

        byte[] mask = [.. dy.Select(number => (byte)(number > 0 ? 1 : 0))];
        ArrayView<float> kept = Zeros(33);
        _device.Launch(DropoutKernel.Run, input, _device.Send(mask), kept, 2f);
        Agreement.Of(
            [.. x.Select((n, i) => Dropout.ApplyScalar(n, mask[i], 2))],
            _device.Fetch(kept),
            1e-6);

        float[] labels = [10, 0, 3];
        var expected = new float[33];
        Softmax.Compute(x, 11, expected);
        ArrayView<float> p = Zeros(33);
        _device.Launch(SoftmaxKernel.Run, input, p, 11);
        Agreement.Of(expected, _device.Fetch(p), 1e-6);
        Softmax.CrossEntropy(x, expected, labels, default, 11, 0, 3);
        _device.Launch(SoftmaxKernel.CrossEntropy, p, _device.Send(labels), 11);
        Agreement.Of(expected, _device.Fetch(p), 1e-6);
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
        ArrayView<float> input = _device.Send(x);
        ArrayView<float> outGradient = _device.Send(dy);
        ArrayView<float> gains = _device.Send(gain);
        ArrayView<float> biases = _device.Send(bias);
        var host = new NormalizationArrays(Rows, Columns);
        NormalizationViews views = NormalizationViews.Of(_device, Rows, Columns);
        VectorWidth width = VectorWidths.Widest;
        LayerNormalization.Forward(x, gain, bias, host.Y, host.Moments, width);
        LayerNormalization.Backward(
            x, gain, dy, host.Moments, host.Gradient, host.Gain, host.Bias, width);
        _device.Launch(
            LayerNormalizationKernel.Forward, input, gains, biases, views.Y, views.Moments);
        _device.Launch(
            LayerNormalizationKernel.Backward,
            input,
            gains,
            outGradient,
            views.Moments,
            views.Gradient);
        _device.Launch(
            LayerNormalizationKernel.AddGainGradient,
            input,
            outGradient,
            views.Moments,
            views.Gain,
            views.Bias);
        host.Matches(_device, views);

        host = new NormalizationArrays(Rows, Columns);
        views = NormalizationViews.Of(_device, Rows, Columns);
        BatchNormalization.Moments(x, host.Mean, host.Variance, width);
        BatchNormalization.Apply(x, host.Mean, host.Variance, gain, bias, host.Y, width);
        BatchNormalization.Backward(
            x, host.Mean, host.Variance, gain, dy, host.Gradient, host.Gain, host.Bias, width);
        _device.Launch(BatchNormalizationKernel.Moments, input, views.Mean, views.Variance);
        _device.Launch(
            BatchNormalizationKernel.Apply,
            input,
            views.Mean,
            views.Variance,
            gains,
            biases,
            views.Y);
        _device.Launch(
            BatchNormalizationKernel.Backward,
            input,
            views.Mean,
            views.Variance,
            gains,
            outGradient,
            views.Gradient,
            views.Gain,
            views.Bias);
        host.Matches(_device, views);
    }

    [Fact]
    public void Updates_agree_with_the_processor()
    {
        foreach (UpdateRule rule in Enum.GetValues<UpdateRule>())
        {
            float[] host = VectorData.Floats(37, 17);
            ArrayView<float> weights = _device.Send(host);
            float[] gradients = VectorData.Floats(37, 18);
            ArrayView<float> sent = _device.Send(gradients);
            var first = new float[37];
            var second = new float[37];
            ArrayView<float> firstOfDevice = Zeros(37);
            ArrayView<float> secondOfDevice = Zeros(37);
            for (int t = 1; t <= 3; t++)
            {
                UpdateStep step = NormalizationTests.StepOf(rule, t);
                WeightUpdate.Run(step, host, gradients, first, second, VectorWidths.Widest);
                _device.Launch(
                    UpdateKernel.Run, weights, sent, firstOfDevice, secondOfDevice, step);
            }

            Agreement.Of(host, _device.Fetch(weights), 1e-5);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    private ArrayView<float> Zeros(int count) => _device.Send(new float[count]);
}
