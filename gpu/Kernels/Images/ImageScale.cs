namespace NeuroDb.Gpu;

/// <summary>
/// Brings images of bytes to a size as numbers from 0 to 1: out[y, x] = sum over rows i and columns
/// j of Rows[y, i] Columns[x, j] pixels[i, j] / 255, with <see cref="PixelWeights"/> for each side.
/// </summary>
/// <remarks>
/// Shapes: pixels (height, width, given), given 1 (gray), 2 (with alpha), 3 (red, green, blue) or
/// 4 (with alpha); target (rows.To, columns.To, channels), channels 1 or 3. Alpha is left out.
/// Gray fills all three channels; of colours one channel is 0.299 red + 0.587 green + 0.114 blue
/// (ITU-R BT.601). An image that has the size already is only divided.
/// </remarks>
internal static class ImageScale
{
    /// <summary>The part that a byte of red has in a gray number.</summary>
    public const float Red = 0.299f / 255;

    /// <summary>The part that a byte of green has in a gray number.</summary>
    public const float Green = 0.587f / 255;

    /// <summary>The part that a byte of blue has in a gray number.</summary>
    public const float Blue = 0.114f / 255;

    /// <summary>The definition, in double precision.</summary>
    public static double[] ToFloatsScalar(
        ReadOnlySpan<byte> pixels,
        int given,
        PixelWeights rows,
        PixelWeights columns,
        int channels)
    {
        Check(pixels, given, rows, columns, channels, rows.To * columns.To * channels);
        var target = new double[rows.To * columns.To * channels];
        for (int y = 0; y < rows.To; y++)
        {
            for (int x = 0; x < columns.To; x++)
            {
                double first = Mean(pixels, given, 0, rows, y, columns, x);
                double second = given < 3 ? first : Mean(pixels, given, 1, rows, y, columns, x);
                double third = given < 3 ? first : Mean(pixels, given, 2, rows, y, columns, x);
                Span<double> place =
                    target.AsSpan(((y * columns.To) + x) * channels, channels);
                if (channels == 1)
                {
                    place[0] = given < 3 ? first / 255
                        : ((0.299 * first) + (0.587 * second) + (0.114 * third)) / 255;
                    continue;
                }

                place[0] = first / 255;
                place[1] = second / 255;
                place[2] = third / 255;
            }
        }

        return target;
    }

    /// <summary>Fills target (rows.To, columns.To, channels).</summary>
    public static void ToFloats(
        ReadOnlySpan<byte> pixels,
        int given,
        PixelWeights rows,
        PixelWeights columns,
        int channels,
        Span<float> target) =>
        ToFloats(pixels, given, rows, columns, channels, target, VectorWidths.Widest);

    /// <summary>Fills target (rows.To, columns.To, channels) with a given register width.</summary>
    public static void ToFloats(
        ReadOnlySpan<byte> pixels,
        int given,
        PixelWeights rows,
        PixelWeights columns,
        int channels,
        Span<float> target,
        VectorWidth width)
    {
        Check(pixels, given, rows, columns, channels, target.Length);
        var action = new ImageScaleAction(pixels, given, rows, columns, channels, target);
        FloatDispatch.Run(width, ref action);
    }

    private static double Mean(
        ReadOnlySpan<byte> pixels,
        int given,
        int channel,
        PixelWeights rows,
        int y,
        PixelWeights columns,
        int x)
    {
        double sum = 0;
        for (int i = rows.Starts[y]; i < rows.Starts[y + 1]; i++)
        {
            int row = rows.Firsts[y] + i - rows.Starts[y];
            for (int j = columns.Starts[x]; j < columns.Starts[x + 1]; j++)
            {
                int column = columns.Firsts[x] + j - columns.Starts[x];
                sum += (double)rows.Weights[i] * columns.Weights[j]
                    * pixels[(((row * columns.From) + column) * given) + channel];
            }
        }

        return sum;
    }

    private static void Check(
        ReadOnlySpan<byte> pixels,
        int given,
        PixelWeights rows,
        PixelWeights columns,
        int channels,
        int length)
    {
        bool fits = given is >= 1 and <= 4 && channels is (1 or 3)
            && pixels.Length == (long)rows.From * columns.From * given
            && length == (long)rows.To * columns.To * channels;
        if (!fits)
        {
            throw new ArgumentException(
                $"{pixels.Length} bytes are no image of {rows.From} x {columns.From} pixels with "
                + $"{given} channels, or {length} numbers no room for {rows.To} x {columns.To} "
                + $"with {channels}.");
        }
    }
}
