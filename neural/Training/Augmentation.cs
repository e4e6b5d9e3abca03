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

    /// <summary>
    /// How much examples are mixed: the parameter of a symmetric Beta distribution that the share
    /// is drawn from (Zhang et al., mixup, ICLR 2018, section 2); 0 for not at all.
    /// </summary>
    public double Mixup { get; init; }

    /// <summary>Whether anything changes an image by itself.</summary>
    public bool ChangesImages => IsFlipped || ShiftPixels > 0 || RotateDegrees > 0
        || ShiftFrames > 0 || MaskFrames > 0 || MaskBands > 0;

    /// <summary>
    /// Mixes each example of a batch with another: x = a x + (1 - a) y, numbers to be predicted
    /// likewise. Of two classes one is taken by the same chance, which has the gradient of the
    /// mixed loss on average.
    /// </summary>
    /// <param name="features">(count, width).</param>
    /// <param name="targets">(count, targets).</param>
    /// <param name="count">Examples.</param>
    /// <param name="isClass">Whether a target is the number of a class.</param>
    /// <param name="random">The chance.</param>
    public void Mix(
        Span<float> features, Span<float> targets, int count, bool isClass, IRandomSource random)
    {
        int width = features.Length / Math.Max(1, count);
        int targetWidth = targets.Length / Math.Max(1, count);
        float[] others = features.ToArray();
        float[] truths = targets.ToArray();
        for (int row = 0; row < count && count > 1; row++)
        {
            int other = (int)(Initializer.Uniform(random) * count) % count;
            float first = Gamma(random);
            float second = Gamma(random);
            float share = first + second > 0 ? first / (first + second) : 1;
            Span<float> own = features.Slice(row * width, width);
            for (int i = 0; i < width; i++)
            {
                own[i] = (share * own[i]) + ((1 - share) * others[(other * width) + i]);
            }

            bool isOther = Initializer.Uniform(random) >= share;
            for (int i = 0; i < targetWidth; i++)
            {
                float truth = truths[(other * targetWidth) + i];
                ref float target = ref targets[(row * targetWidth) + i];
                target = isClass ? (isOther ? truth : target)
                    : (share * target) + ((1 - share) * truth);
            }
        }
    }

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

    /// <summary>
    /// A number of a Gamma distribution (Marsaglia and Tsang, 2000), raised by a power of a uniform
    /// one where the parameter is below 1.
    /// </summary>
    private float Gamma(IRandomSource random)
    {
        double shape = Mixup < 1 ? Mixup + 1 : Mixup;
        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - Initializer.Uniform(random)))
                * Math.Cos(2 * Math.PI * Initializer.Uniform(random));
            double cube = Math.Pow(1 + (c * normal), 3);
            double chance = 1 - Initializer.Uniform(random);
            if (cube > 0
                && Math.Log(chance) < (normal * normal / 2) + d - (d * cube) + (d * Math.Log(cube)))
            {
                double drop = Mixup < 1
                    ? Math.Pow(1 - Initializer.Uniform(random), 1 / Mixup) : 1;
                return (float)(d * cube * drop);
            }
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
