using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Brings an image to the size and channels of a column, as numbers from 0 to 1, see
/// <see cref="ImageScale"/>. A smaller image is a weighted mean of the pixels behind each new one,
/// a larger one is drawn between pixels.
/// </summary>
internal static class ImageResize
{
    // Images of a column often have one size, and so have the rows that a thread reads.
    [ThreadStatic]
    private static PixelWeights? _rows;

    [ThreadStatic]
    private static PixelWeights? _columns;

    /// <summary>Fills (height, width, channels); channels is 1 or 3, alpha is left out.</summary>
    public static void ToFloats(DecodedImage image, TensorShape shape, Span<float> target)
    {
        if (shape.Channels is not (1 or 3))
        {
            throw NeuralErrors.InvalidModel(
                $"Images have 1 or 3 channels, not {shape.Channels}.");
        }

        ImageScale.ToFloats(
            image.Pixels,
            image.Channels,
            Weights(ref _rows, image.Height, shape.Height),
            Weights(ref _columns, image.Width, shape.Width),
            shape.Channels,
            target);
    }

    private static PixelWeights Weights(ref PixelWeights? last, int from, int to) =>
        last is not null && last.From == from && last.To == to
            ? last : last = new PixelWeights(from, to);
}
