using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Convolutions, their gradients and pooling against their definitions.</summary>
public sealed class ConvolutionTests
{
    /// <summary>Height, width, channels, out channels, kernel, stride, same.</summary>
    public static TheoryData<int, int, int, int, int, int, bool> Shapes => new()
    {
        { 6, 7, 1, 3, 3, 1, false }, { 5, 5, 3, 16, 3, 1, true }, { 8, 6, 2, 32, 3, 2, true },
        { 9, 9, 5, 65, 1, 1, false }, { 7, 8, 4, 20, 5, 2, false }, { 4, 4, 17, 7, 2, 1, true },
        { 11, 5, 33, 64, 3, 3, true }, { 3, 3, 2, 40, 3, 1, false }, { 6, 6, 2, 5, 1, 2, true },
        { 5, 21, 35, 3, 3, 1, true }, { 5, 23, 19, 4, 3, 2, true }, { 4, 7, 17, 2, 3, 1, true },
        { 28, 28, 1, 6, 5, 1, true }, { 12, 19, 1, 5, 3, 1, false }, { 9, 40, 1, 4, 3, 1, true },
        { 6, 33, 1, 1, 5, 1, true }, { 20, 17, 1, 2, 7, 1, false }, { 1, 64, 1, 3, 1, 1, true },
        { 2, 2, 16, 5, 3, 1, true }, { 2, 9, 40, 4, 3, 1, true }, { 7, 6, 70, 3, 3, 2, true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_agrees_with_the_reference(
        int height, int width, int channels, int outChannels, int kernel, int stride, bool same)
    {
        ConvolutionShape shape = ConvolutionShape
            .Create(height, width, channels, outChannels, kernel, kernel, stride, same).Of(3);
        float[] x = VectorData.Floats(3 * shape.ImageLength, 1);
        float[] w = VectorData.Floats(shape.WeightLength, 2);
        float[] bias = VectorData.Floats(outChannels, 3);
        float[] dy = VectorData.Floats(3 * shape.OutImageLength, 4);
        var y = new double[dy.Length];
        var dx = new double[x.Length];
        var dw = new double[w.Length];
        ScalarConvolution.Forward(shape, x, w, y);
        ScalarConvolution.InputGradient(shape, dy, w, dx);
        ScalarConvolution.WeightGradient(shape, x, dy, dw);
        double[] rectified =
            [.. y.Select((sum, i) => Math.Max(0, sum + bias[i % outChannels]))];
        foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
        {
            var output = new float[y.Length];
            Convolution.Forward(shape, x, w, output, default, registers);
            Agreement.Of(y, output, 2e-5);
            var epilogue = new ProductEpilogue { Bias = bias, IsRectified = true };
            Convolution.Forward(shape, x, w, output, epilogue, registers);
            Agreement.Of(rectified, output, 2e-5);
            var inputGradient = new float[x.Length];
            Convolution.InputGradient(shape, dy, w, inputGradient, registers);
            Agreement.Of(dx, inputGradient, 2e-5);
            var weightGradient = new float[w.Length];
            Convolution.AddWeightGradient(shape, x, dy, weightGradient, registers);
            Agreement.Of(dw, weightGradient, 3e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Depthwise_convolutions_agree_with_the_reference(
        int height, int width, int channels, int ignored, int kernel, int stride, bool same)
    {
        Assert.True(ignored > 0);
        ConvolutionShape shape = ConvolutionShape
            .Create(height, width, channels, channels, kernel, kernel, stride, same).Of(2);
        float[] x = VectorData.Floats(2 * shape.ImageLength, 5);
        float[] w = VectorData.Floats(kernel * kernel * channels, 6);
        float[] bias = VectorData.Floats(channels, 7);
        float[] dy = VectorData.Floats(2 * shape.OutImageLength, 8);
        var y = new double[dy.Length];
        var dx = new double[x.Length];
        var dw = new double[w.Length];
        DepthwiseConvolution.ComputeScalar(shape, DepthwisePass.Forward, x, w, y);
        DepthwiseConvolution.ComputeScalar(shape, DepthwisePass.InputGradient, dy, w, dx);
        DepthwiseConvolution.ComputeScalar(shape, DepthwisePass.WeightGradient, x, dy, dw);
        double[] biased = [.. y.Select((sum, i) => sum + bias[i % channels])];
        foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
        {
            var output = new float[y.Length];
            DepthwiseConvolution.Forward(shape, x, w, bias, output, registers);
            Agreement.Of(biased, output, 1e-5);
            var inputGradient = new float[x.Length];
            DepthwiseConvolution.InputGradient(shape, dy, w, inputGradient, registers);
            Agreement.Of(dx, inputGradient, 1e-5);
            var weightGradient = new float[w.Length];
            DepthwiseConvolution.AddWeightGradient(shape, x, dy, weightGradient, registers);
            Agreement.Of(dw, weightGradient, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pooling_agrees_with_the_reference(
        int height, int width, int channels, int ignored, int kernel, int stride, bool same)
    {
        Assert.True(ignored > 0);
        ConvolutionShape shape = ConvolutionShape
            .Create(height, width, channels, channels, kernel, kernel, stride, same).Of(2);
        float[] x = VectorData.WholeFloats(2 * shape.ImageLength, 9, 4);
        float[] dy = VectorData.Floats(2 * shape.OutImageLength, 10);
        foreach (PoolingKind kind in Enum.GetValues<PoolingKind>())
        {
            var y = new float[dy.Length];
            var taps = new byte[dy.Length];
            var dx = new float[x.Length];
            Pooling.ForwardScalar(kind, shape, x, y, taps);
            Pooling.BackwardScalar(kind, shape, dy, taps, dx);
            foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
            {
                var output = new float[dy.Length];
                var sources = new byte[dy.Length];
                var gradient = new float[x.Length];
                Pooling.Forward(kind, shape, x, output, sources, registers);
                Agreement.Of(y, output, 1e-6);
                var alone = new float[dy.Length];
                Pooling.Forward(kind, shape, x, alone, default, registers);
                Assert.Equal(output, alone);
                Pooling.Backward(kind, shape, dy, sources, gradient, registers);
                Agreement.Of(dx, gradient, 1e-5);
                Assert.True(kind == PoolingKind.Average || taps.SequenceEqual(sources));
            }
        }
    }

    /// <summary>
    /// Height, width, channels, out channels, height of the kernel, zeros around.
    /// </summary>
    public static TheoryData<int, int, int, int, int, bool> TransformedShapes => new()
    {
        { 6, 7, 16, 16, 3, false }, { 5, 5, 17, 33, 3, true }, { 8, 6, 20, 64, 3, true },
        { 4, 4, 35, 70, 3, false }, { 2, 2, 16, 130, 3, true }, { 13, 3, 40, 18, 3, true },
        { 1, 9, 17, 20, 1, true }, { 1, 14, 32, 64, 1, false }, { 1, 2, 16, 16, 1, true },
        { 3, 7, 19, 37, 1, true },
    };

    [Theory]
    [MemberData(nameof(TransformedShapes))]
    public void Transformed_convolutions_agree_with_the_reference(
        int height, int width, int channels, int outChannels, int kernel, bool same)
    {
        ConvolutionShape shape = ConvolutionShape
            .Create(height, width, channels, outChannels, kernel, 3, 1, same).Of(5);
        Assert.True(WinogradConvolution.Applies(shape));
        float[] x = VectorData.Floats(5 * shape.ImageLength, 1);
        float[] w = VectorData.Floats(shape.WeightLength, 2);
        float[] bias = VectorData.Floats(outChannels, 3);
        float[] dy = VectorData.Floats(5 * shape.OutImageLength, 4);
        var y = new double[dy.Length];
        var dx = new double[x.Length];
        ScalarConvolution.Forward(shape, x, w, y);
        ScalarConvolution.InputGradient(shape, dy, w, dx);
        double[] rectified =
            [.. y.Select((sum, i) => Math.Max(0, sum + bias[i % outChannels]))];
        foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
        {
            var output = new float[y.Length];
            WinogradConvolution.ForwardPlain(shape, x, w, output, default, false, registers);
            Agreement.Of(y, output, 2e-5);
            var transformed = new float[WinogradConvolution.WeightLength(shape)];
            WinogradConvolution.TransformWeights(shape, w, transformed, registers);
            WinogradConvolution.Forward(
                shape, x, transformed, output, bias, true, registers);
            Agreement.Of(rectified, output, 2e-5);
            WinogradConvolution.Forward(
                shape.Of(0), default, transformed, default, bias, true, registers);
            if (WinogradConvolution.Applies(shape.Backward()))
            {
                var inputGradient = new float[x.Length];
                WinogradConvolution.InputGradient(shape, dy, w, inputGradient, registers);
                Agreement.Of(dx, inputGradient, 2e-5);
            }
        }
    }

    [Fact]
    public void Transforms_cost_hardly_any_accuracy()
    {
        ConvolutionShape shape = ConvolutionShape.Create(16, 16, 64, 64, 3, 3, 1, true).Of(2);
        float[] x = VectorData.Floats(2 * shape.ImageLength, 1);
        float[] w = VectorData.Floats(shape.WeightLength, 2);
        var y = new double[2 * shape.OutImageLength];
        ScalarConvolution.Forward(shape, x, w, y);
        var plain = new float[y.Length];
        var transformed = new float[y.Length];
        Convolution.Forward(shape, x, w, plain);
        WinogradConvolution.ForwardPlain(
            shape, x, w, transformed, default, false, VectorWidths.Widest);
        double plainError = Math.Sqrt(y.Zip(plain).Average(it => Square(it.First - it.Second)));
        double error = Math.Sqrt(y.Zip(transformed).Average(it => Square(it.First - it.Second)));
        Assert.InRange(error, 0, 2 * plainError);
    }

    [Fact]
    public void A_pixel_that_is_no_number_reaches_only_its_tiles()
    {
        ConvolutionShape shape = ConvolutionShape.Create(8, 8, 16, 16, 3, 3, 1, true);
        float[] x = VectorData.Floats(shape.ImageLength, 1);
        float[] w = VectorData.Floats(shape.WeightLength, 2);
        x[((1 * 8) + 1) * 16] = float.NaN;
        foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
        {
            var output = new float[shape.OutImageLength];
            WinogradConvolution.ForwardPlain(shape, x, w, output, default, true, registers);
            for (int row = 0; row < 8; row++)
            {
                for (int column = 0; column < 8; column++)
                {
                    bool isNear = row < 4 && column < 4;
                    bool isHit = row < 3 && column < 3;
                    float value = output[((row * 8) + column) * 16];
                    Assert.True(isHit ? float.IsNaN(value) : isNear || float.IsFinite(value));
                }
            }
        }
    }

    [Fact]
    public void Only_convolutions_of_one_kind_are_transformed()
    {
        bool Applies(int channels, int outChannels, int kernel, int stride) =>
            WinogradConvolution.Applies(ConvolutionShape.Create(
                9, 9, channels, outChannels, kernel, kernel, stride, true));
        Assert.True(Applies(16, 16, 3, 1));
        Assert.False(Applies(15, 16, 3, 1));
        Assert.False(Applies(16, 15, 3, 1));
        Assert.False(Applies(16, 16, 5, 1));
        Assert.False(Applies(16, 16, 3, 2));
        ConvolutionShape shape = ConvolutionShape.Create(9, 9, 16, 16, 3, 3, 1, true);
        Assert.Throws<ArgumentException>(() => WinogradConvolution.ForwardPlain(
            shape, new float[8], new float[shape.WeightLength], new float[shape.OutImageLength],
            default, false, VectorWidths.Widest));
    }

    private static double Square(double value) => value * value;

    [Fact]
    public void Arrays_of_another_length_are_refused()
    {
        ConvolutionShape shape = ConvolutionShape.Create(5, 5, 1, 2, 3, 3, 1, false);
        Assert.Throws<ArgumentException>(() =>
            Convolution.Forward(shape, new float[24], new float[18], new float[18]));
        Assert.Throws<ArgumentException>(() => Pooling.Forward(
            PoolingKind.Maximum, shape, new float[25], new float[18], new byte[18]));
    }
}
