namespace NeuroDb.Neural;

/// <summary>
/// Random changes of images while training: mirrored, moved by up to so many pixels, turned by up
/// to so many degrees; zeros come in from outside. Spectra of sound are moved in time only, and
/// some of their frames and bands are silenced (SpecAugment, Park et al., 2019, section 2).
/// </summary>
/// <param name="IsFlipped">Whether half of the images are mirrored left to right.</param>
/// <param name="ShiftPixels">The farthest move along each side.</param>
/// <param name="RotateDegrees">The largest turn either way.</param>
internal sealed record Augmentation(bool IsFlipped, int ShiftPixels, double RotateDegrees)
{
    /// <summary>The farthest move of a spectrum in time, in frames.</summary>
    public int ShiftFrames { get; init; }

    /// <summary>The most frames of a spectrum that are silenced, one after another.</summary>
    public int MaskFrames { get; init; }

    /// <summary>The most bands of a spectrum that are silenced, one above another.</summary>
    public int MaskBands { get; init; }

    /// <summary>Changes an image in place.</summary>
    public void Apply(Span<float> image, TensorShape shape, IRandomSource random, float[] scratch)
    {
        bool isMirrored = IsFlipped && (random.NextUInt64() & 1) == 1;
        double down = ShiftPixels * Symmetric(random);
        double right = ShiftPixels * Symmetric(random);
        right += ShiftFrames == 0 ? 0 : ShiftFrames * Symmetric(random);
        double angle = RotateDegrees * Symmetric(random) * Math.PI / 180;
        bool isWhole = RotateDegrees == 0;
        down = isWhole ? Math.Round(down) : down;
        right = isWhole ? Math.Round(right) : right;
        image.CopyTo(scratch);
        (double sin, double cos) = Math.SinCos(angle);
        double middleY = (shape.Height - 1) / 2.0;
        double middleX = (shape.Width - 1) / 2.0;
        for (int y = 0; y < shape.Height; y++)
        {
            for (int x = 0; x < shape.Width; x++)
            {
                double dy = y - middleY - down;
                double dx = (isMirrored ? shape.Width - 1 - x : x) - middleX - right;
                Sample(
                    scratch,
                    shape,
                    middleY + (cos * dy) - (sin * dx),
                    middleX + (sin * dy) + (cos * dx),
                    image.Slice(((y * shape.Width) + x) * shape.Channels, shape.Channels));
            }
        }

        if (MaskBands > 0 || MaskFrames > 0)
        {
            Mask(image, shape, random);
        }
    }

    private void Mask(Span<float> image, TensorShape shape, IRandomSource random)
    {
        int rowLength = shape.Width * shape.Channels;
        (int start, int count) = Part(MaskBands, shape.Height, random);
        image.Slice(start * rowLength, count * rowLength).Clear();
        (start, count) = Part(MaskFrames, shape.Width, random);
        for (int y = 0; count > 0 && y < shape.Height; y++)
        {
            image.Slice((y * rowLength) + (start * shape.Channels), count * shape.Channels)
                .Clear();
        }
    }

    private static (int Start, int Count) Part(int most, int length, IRandomSource random)
    {
        int count = most == 0
            ? 0 : (int)(Initializer.Uniform(random) * (Math.Min(most, length) + 1));
        return count == 0
            ? (0, 0) : ((int)(Initializer.Uniform(random) * (length - count + 1)), count);
    }

    private static double Symmetric(IRandomSource random) =>
        (2 * Initializer.Uniform(random)) - 1;

    /// <summary>Between the four pixels around a place.</summary>
    private static void Sample(
        float[] image, TensorShape shape, double y, double x, Span<float> pixel)
    {
        pixel.Clear();
        int top = (int)Math.Floor(y);
        int left = (int)Math.Floor(x);
        for (int corner = 0; corner < 4; corner++)
        {
            int row = top + (corner / 2);
            int column = left + (corner % 2);
            float weight = (float)((1 - Math.Abs(y - row)) * (1 - Math.Abs(x - column)));
            if (row < 0 || row >= shape.Height || column < 0 || column >= shape.Width
                || weight <= 0)
            {
                continue;
            }

            int at = ((row * shape.Width) + column) * shape.Channels;
            for (int c = 0; c < pixel.Length; c++)
            {
                pixel[c] += weight * image[at + c];
            }
        }
    }
}
