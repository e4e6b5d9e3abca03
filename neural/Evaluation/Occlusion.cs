namespace NeuroDb.Neural;

/// <summary>
/// Which places of an image a prediction rests on: how far an output falls when a square of the
/// image is covered with its mean (Zeiler and Fergus, "Visualizing and Understanding Convolutional
/// Networks", ECCV 2014, section 4.2).
/// </summary>
internal static class Occlusion
{
    private const int SquaresPerSide = 8;

    /// <summary>The squares and how far the output falls without each.</summary>
    /// <param name="model">A model of images.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="image">The pixels.</param>
    /// <param name="output">Which output is explained.</param>
    public static IReadOnlyList<(int Top, int Left, int Side, double Fall)> Explain(
        Model model, TensorShape shape, ReadOnlyMemory<float> image, int output)
    {
        Invariant.Check(image.Length == shape.Length && model.FeatureCount == shape.Length);
        var means = new float[shape.Channels];
        for (int i = 0; i < image.Length; i++)
        {
            means[i % shape.Channels] += image.Span[i] / shape.Places;
        }

        int side = Math.Max(
            1, (Math.Max(shape.Height, shape.Width) + SquaresPerSide - 1) / SquaresPerSide);
        var outputs = new float[model.OutputCount];
        model.Predict(image, 1, outputs);
        double whole = outputs[output];
        var squares = new List<(int, int, int, double)>();
        for (int top = 0; top < shape.Height; top += side)
        {
            for (int left = 0; left < shape.Width; left += side)
            {
                float[] covered = image.ToArray();
                Cover(covered, shape, top, left, side, means);
                model.Predict(covered, 1, outputs);
                squares.Add((top, left, side, whole - outputs[output]));
            }
        }

        return squares;
    }

    private static void Cover(
        float[] image, TensorShape shape, int top, int left, int side, float[] means)
    {
        for (int y = top; y < Math.Min(top + side, shape.Height); y++)
        {
            for (int x = left; x < Math.Min(left + side, shape.Width); x++)
            {
                means.CopyTo(image.AsSpan(((y * shape.Width) + x) * shape.Channels));
            }
        }
    }
}
