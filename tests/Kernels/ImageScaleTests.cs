using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Images brought to a size: every register width against sums in double.</summary>
public sealed class ImageScaleTests
{
    public static TheoryData<int, int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1, 1, 1 }, { 1, 1, 4, 5, 3, 3 }, { 7, 5, 3, 7, 5, 3 }, { 7, 5, 3, 7, 5, 1 },
        { 31, 17, 1, 40, 50, 3 }, { 64, 9, 2, 7, 9, 1 }, { 100, 75, 3, 16, 12, 3 },
        { 99, 75, 4, 15, 20, 1 }, { 130, 40, 1, 9, 9, 1 }, { 33, 2, 2, 66, 1, 3 },
        { 5, 300, 3, 5, 1, 3 }, { 28, 28, 1, 28, 28, 1 }, { 16, 16, 4, 16, 8, 3 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_agrees_with_the_mean_of_all_pixels(
        int width, int height, int given, int toWidth, int toHeight, int channels)
    {
        byte[] pixels = Pixels(width * height * given);
        var rows = new PixelWeights(height, toHeight);
        var columns = new PixelWeights(width, toWidth);
        double[] expected = ImageScale.ToFloatsScalar(pixels, given, rows, columns, channels);
        foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
        {
            var target = new float[expected.Length];
            Array.Fill(target, 7f);
            ImageScale.ToFloats(pixels, given, rows, columns, channels, target, registers);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], target[i], 2e-6);
            }
        }
    }

    [Fact]
    public void Widths_give_the_same_bits()
    {
        byte[] pixels = Pixels(121 * 83 * 3);
        var rows = new PixelWeights(83, 16);
        var columns = new PixelWeights(121, 17);
        var first = new float[16 * 17 * 3];
        ImageScale.ToFloats(pixels, 3, rows, columns, 3, first, VectorWidth.Bits128);
        foreach (VectorWidth registers in Enum.GetValues<VectorWidth>())
        {
            var target = new float[first.Length];
            ImageScale.ToFloats(pixels, 3, rows, columns, 3, target, registers);
            Assert.Equal(first, target);
        }
    }

    [Fact]
    public void The_weights_of_each_pixel_sum_to_one_and_stay_within_the_side()
    {
        foreach ((int from, int to) in ((int, int)[])
            [(1, 1), (1, 9), (9, 1), (7, 3), (3, 7), (640, 64), (64, 640), (28, 28)])
        {
            var weights = new PixelWeights(from, to);
            Assert.Equal(0, weights.Starts[0]);
            for (int i = 0; i < to; i++)
            {
                ReadOnlySpan<float> own = weights.Weights[weights.Starts[i]..weights.Starts[i + 1]];
                Assert.InRange(weights.Firsts[i], 0, from - own.Length);
                float sum = 0;
                foreach (float weight in own)
                {
                    Assert.InRange(weight, 0, 1);
                    sum += weight;
                }

                Assert.Equal(1, sum, 1e-5f);
            }
        }
    }

    [Fact]
    public void An_image_that_has_the_size_is_only_divided()
    {
        byte[] pixels = Pixels(9 * 4 * 3);
        var target = new float[pixels.Length];
        ImageScale.ToFloats(
            pixels, 3, new PixelWeights(4, 4), new PixelWeights(9, 9), 3, target);
        Assert.Equal(pixels.Select(static it => it / 255f), target);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        var side = new PixelWeights(4, 2);
        var target = new float[12];
        Assert.Throws<ArgumentException>(
            () => ImageScale.ToFloats(new byte[47], 3, side, side, 3, target));
        Assert.Throws<ArgumentException>(
            () => ImageScale.ToFloats(new byte[48], 3, side, side, 3, target.AsSpan(1)));
        Assert.Throws<ArgumentException>(
            () => ImageScale.ToFloats(new byte[48], 3, side, side, 2, target.AsSpan(0, 8)));
        Assert.Throws<ArgumentException>(
            () => ImageScale.ToFloats(new byte[80], 5, side, side, 3, target));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelWeights(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelWeights(2, 0));
    }

    internal static byte[] Pixels(int length)
    {
        var pixels = new byte[length];
        new Random(length).NextBytes(pixels);
        return pixels;
    }
}
