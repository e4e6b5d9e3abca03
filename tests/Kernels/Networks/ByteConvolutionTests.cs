using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Convolutions on bytes equal their definition, number for number.</summary>
public sealed class ByteConvolutionTests
{
    [Theory]
    [InlineData(6, 7, 1, 3, 3, 3, 1, false)]
    [InlineData(5, 5, 3, 16, 3, 3, 1, true)]
    [InlineData(8, 6, 5, 33, 3, 3, 2, true)]
    [InlineData(9, 9, 7, 65, 1, 1, 1, false)]
    [InlineData(9, 9, 4, 20, 1, 1, 2, true)]
    [InlineData(7, 8, 4, 17, 5, 5, 2, false)]
    [InlineData(1, 13, 19, 24, 1, 3, 1, true)]
    [InlineData(1, 1, 130, 40, 1, 1, 1, false)]
    [InlineData(4, 4, 17, 7, 2, 2, 1, true)]
    public void Every_number_is_that_of_the_definition(
        int height,
        int width,
        int channels,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int stride,
        bool same)
    {
        const int Count = 3;
        ConvolutionShape shape = ConvolutionShape.Create(
            height, width, channels, outChannels, kernelHeight, kernelWidth, stride, same)
            .Of(Count);
        sbyte[] weights =
            [.. VectorData.Floats(shape.WeightLength, 1).Select(it => (sbyte)(it * 127))];
        float[] scales = [.. VectorData.Floats(outChannels, 2).Select(it => 0.01f + (it * it))];
        float[] bias = VectorData.Floats(outChannels, 3);
        float[] x = VectorData.Floats(Count * shape.ImageLength, 4);
        var matrix = new ByteMatrix(weights, shape.KernelLength, outChannels);
        foreach (bool isPositive in (bool[])[false, true])
        {
            float[] images = isPositive ? [.. x.Select(Math.Abs)] : x;
            images.AsSpan(shape.ImageLength, shape.ImageLength).Clear();
            var expected = new float[Count * shape.OutImageLength];
            var given = new float[expected.Length];
            ByteConvolution.ForwardReference(
                shape, images, isPositive, weights, scales, bias, isPositive, expected);
            ByteConvolution.Forward(
                shape, images, isPositive, matrix, scales, bias, isPositive, given);
            Assert.Equal(expected, given);
        }
    }

    [Fact]
    public void An_image_that_is_no_number_is_that_of_zeros_and_changes_no_other()
    {
        ConvolutionShape shape = ConvolutionShape.Create(4, 4, 2, 8, 3, 3, 1, true).Of(2);
        sbyte[] weights =
            [.. VectorData.Floats(shape.WeightLength, 1).Select(it => (sbyte)(it * 127))];
        var matrix = new ByteMatrix(weights, shape.KernelLength, 8);
        float[] ones = [1, 1, 1, 1, 1, 1, 1, 1];
        float[] x = VectorData.Floats(2 * shape.ImageLength, 2);
        var whole = new float[2 * shape.OutImageLength];
        ByteConvolution.Forward(shape, x, false, matrix, ones, ones, false, whole);
        x[3] = float.NaN;
        var given = new float[whole.Length];
        ByteConvolution.Forward(shape, x, false, matrix, ones, ones, false, given);
        Assert.All(given[..shape.OutImageLength], it => Assert.Equal(1, it));
        Assert.Equal(whole[shape.OutImageLength..], given[shape.OutImageLength..]);
        ByteConvolution.Forward(shape.Of(0), default, false, matrix, ones, ones, false, default);
        Assert.Throws<ArgumentException>(() => ByteConvolution.Forward(
            shape, new float[3], false, matrix, ones, ones, false, given));
    }
}
