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

        using var device = new KernelDevice();
        ArrayView<float> sums = device.Send(new float[Images * toHeight * width * given]);
        ArrayView<float> target = device.Send(new float[expected.Length]);
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
        device.Launch(
            ImageScaleKernel.Down,
            device.Send(pixels),
            device.Send(rows.Firsts.ToArray()),
            device.Send(rows.Starts.ToArray()),
            device.Send(rows.Weights.ToArray()),
            sums,
            shape);
        device.Launch(
            ImageScaleKernel.Across,
            sums,
            device.Send(columns.Firsts.ToArray()),
            device.Send(columns.Starts.ToArray()),
            device.Send(columns.Weights.ToArray()),
            target,
            shape);
        Agreement.Of(expected, device.Fetch(target), 2e-6);
    }
}
