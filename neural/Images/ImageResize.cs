using System.Numerics;
using System.Runtime.InteropServices;

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

        // Down first, whole rows of bytes at a time, then across what little is left.
        var sums = new float[image.Width * image.Channels];
        (int First, float[] Parts)[] columns = WeightsOf(image.Width, shape.Width);
        (int First, float[] Parts)[] rows = WeightsOf(image.Height, shape.Height);
        int rowLength = shape.Width * channels;
        for (int y = 0; y < shape.Height; y++)
        {
            Array.Clear(sums);
            for (int i = 0; i < rows[y].Parts.Length; i++)
            {
                AddScaled(
                    image.Pixels.AsSpan((rows[y].First + i) * sums.Length, sums.Length),
                    rows[y].Parts[i],
                    sums);
            }

            Across(sums, image.Channels, columns, target.Slice(y * rowLength, rowLength));
        }
    }

    private static void Across(
        ReadOnlySpan<float> sums,
        int given,
        (int First, float[] Parts)[] columns,
        Span<float> target)
    {
        int channels = target.Length / columns.Length;
        for (int x = 0; x < columns.Length; x++)
        {
            int at = columns[x].First * given;
            float red = 0;
            float green = 0;
            float blue = 0;
            foreach (float part in columns[x].Parts)
            {
                red += part * sums[at];
                if (given >= 3)
                {
                    green += part * sums[at + 1];
                    blue += part * sums[at + 2];
                }

                at += given;
            }

            Put(red, green, blue, given >= 3, target.Slice(x * channels, channels));
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
        Put(source[0], isColour ? source[1] : 0, isColour ? source[2] : 0, isColour, target);
    }

    private static void Put(
        float red, float green, float blue, bool isColour, Span<float> target)
    {
        if (target.Length == 1)
        {
            target[0] = isColour ? (red * Red) + (green * Green) + (blue * Blue) : red / 255f;
            return;
        }

        target[0] = red / 255f;
        target[1] = (isColour ? green : red) / 255f;
        target[2] = (isColour ? blue : red) / 255f;
    }

    // target += factor * source.
    private static void AddScaled(ReadOnlySpan<byte> source, float factor, Span<float> target)
    {
        int lanes = Vector<float>.Count;
        ReadOnlySpan<Vector<byte>> bytes = MemoryMarshal.Cast<byte, Vector<byte>>(source);
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(target);
        var factors = new Vector<float>(factor);
        for (int i = 0; i < bytes.Length; i++)
        {
            Vector.Widen(bytes[i], out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> first, out Vector<uint> second);
            Vector.Widen(high, out Vector<uint> third, out Vector<uint> fourth);
            sums[4 * i] += factors * Vector.ConvertToSingle(Vector.AsVectorInt32(first));
            sums[(4 * i) + 1] += factors * Vector.ConvertToSingle(Vector.AsVectorInt32(second));
            sums[(4 * i) + 2] += factors * Vector.ConvertToSingle(Vector.AsVectorInt32(third));
            sums[(4 * i) + 3] += factors * Vector.ConvertToSingle(Vector.AsVectorInt32(fourth));
        }

        for (int i = bytes.Length * 4 * lanes; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
