using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device form of bringing images to a size.</summary>
public sealed class ImageScaleKernelTests
{
    [Theory]
    [InlineData(13, 9, 1, 5, 4, 1)]
    [InlineData(13, 9, 3, 5, 4, 3)]
    [InlineData(13, 9, 4, 5, 4, 1)]
    [InlineData(5, 3, 2, 8, 7, 3)]
    public void It_agrees_with_the_processor(
        int width, int height, int given, int toWidth, int toHeight, int channels)
    {
        const int Images = 3;
        var rows = new PixelWeights(height, toHeight);
        var columns = new PixelWeights(width, toWidth);
        int length = width * height * given;
        byte[] pixels = ImageScaleTests.Pixels(Images * length);
        int wanted = toWidth * toHeight * channels;
        var expected = new float[Images * wanted];
        for (int i = 0; i < Images; i++)
        {
            ImageScale.ToFloats(
                pixels.AsSpan(i * length, length),
                given,
                rows,
                columns,
                channels,
                expected.AsSpan(i * wanted, wanted));
        }

        var sums = new float[Images * toHeight * width * given];
        var target = new float[expected.Length];
        var shape = new ImageScaleShape
        {
            FromWidth = width,
            FromHeight = height,
            Width = toWidth,
            Height = toHeight,
            Given = given,
            Channels = channels,
            Count = Images,
        };
        (int[] firsts, int[] starts, float[] weights) = Arrays(rows);
        Lane.Launch(2, 8, 4, () => ImageScaleKernel.Down(
            new(pixels), new(firsts), new(starts), new(weights), new(sums), shape));
        (int[] xFirsts, int[] xStarts, float[] xWeights) = Arrays(columns);
        Lane.Launch(2, 8, 4, () => ImageScaleKernel.Across(
            new(sums), new(xFirsts), new(xStarts), new(xWeights), new(target), shape));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], target[i], 2e-6f);
        }
    }

    private static (int[] Firsts, int[] Starts, float[] Weights) Arrays(PixelWeights weights) =>
        (weights.Firsts.ToArray(), weights.Starts.ToArray(), weights.Weights.ToArray());
}
