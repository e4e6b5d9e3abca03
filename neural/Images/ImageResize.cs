namespace NeuroDb.Neural;

/// <summary>
/// Brings an image to the size and channels of a column, as numbers from 0 to 1. A smaller image
/// is a weighted mean of the pixels behind each new one, a larger one is drawn between pixels.
/// </summary>
internal static class ImageResize
{
    private const float Red = 0.299f / 255;
    private const float Green = 0.587f / 255;
    private const float Blue = 0.114f / 255;

    /// <summary>Fills (height, width, channels); channels is 1 or 3, alpha is left out.</summary>
    public static void ToFloats(DecodedImage image, TensorShape shape, Span<float> target)
    {
        if (shape.Channels is not (1 or 3))
        {
            throw NeuralErrors.InvalidModel(
                $"Images have 1 or 3 channels, not {shape.Channels}.");
        }

        int channels = shape.Channels;
        if (image.Height == shape.Height && image.Width == shape.Width)
        {
            for (int i = 0; i < image.Height * image.Width; i++)
            {
                Read(image, i, target.Slice(i * channels, channels));
            }

            return;
        }

        // Across first, then down.
        var narrow = new float[image.Height * shape.Width * channels];
        (int First, float[] Parts)[] columns = WeightsOf(image.Width, shape.Width);
        Span<float> pixel = stackalloc float[3];
        pixel = pixel[..channels];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < shape.Width; x++)
            {
                Span<float> sum = narrow.AsSpan(((y * shape.Width) + x) * channels, channels);
                for (int i = 0; i < columns[x].Parts.Length; i++)
                {
                    Read(image, (y * image.Width) + columns[x].First + i, pixel);
                    AddScaled(pixel, columns[x].Parts[i], sum);
                }
            }
        }

        (int First, float[] Parts)[] rows = WeightsOf(image.Height, shape.Height);
        int rowLength = shape.Width * channels;
        target.Clear();
        for (int y = 0; y < shape.Height; y++)
        {
            for (int i = 0; i < rows[y].Parts.Length; i++)
            {
                AddScaled(
                    narrow.AsSpan((rows[y].First + i) * rowLength, rowLength),
                    rows[y].Parts[i],
                    target.Slice(y * rowLength, rowLength));
            }
        }
    }

    /// <summary>Which pixels make each new one, and with which parts.</summary>
    private static (int First, float[] Parts)[] WeightsOf(int from, int to)
    {
        var weights = new (int, float[])[to];
        double ratio = from / (double)to;
        double reach = Math.Max(1, ratio);
        for (int i = 0; i < to; i++)
        {
            double middle = ((i + 0.5) * ratio) - 0.5;
            int first = Math.Max(0, (int)Math.Floor(middle - reach) + 1);
            int end = Math.Min(from, (int)Math.Ceiling(middle + reach));
            first = Math.Min(first, from - 1);
            end = Math.Max(end, first + 1);
            var parts = new float[end - first];
            double sum = 0;
            for (int j = 0; j < parts.Length; j++)
            {
                double part = Math.Max(0, 1 - (Math.Abs(first + j - middle) / reach));
                parts[j] = (float)part;
                sum += part;
            }

            for (int j = 0; j < parts.Length; j++)
            {
                parts[j] = sum > 0 ? (float)(parts[j] / sum) : 1f / parts.Length;
            }

            weights[i] = (first, parts);
        }

        return weights;
    }

    private static void Read(DecodedImage image, int pixel, Span<float> target)
    {
        ReadOnlySpan<byte> source = image.Pixels.AsSpan(pixel * image.Channels, image.Channels);
        bool isColour = image.Channels >= 3;
        if (target.Length == 1)
        {
            target[0] = isColour
                ? (source[0] * Red) + (source[1] * Green) + (source[2] * Blue)
                : source[0] / 255f;
            return;
        }

        for (int i = 0; i < 3; i++)
        {
            target[i] = source[isColour ? i : 0] / 255f;
        }
    }

    private static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
