using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// What embedders of texts are known by: a text is cut in the middle of its units, and its second
/// half is looked for among those of all texts by its first. No unit is in both halves, so words
/// in common do not help.
/// </summary>
internal static class EmbedderJudge
{
    /// <summary>The most texts that are compared with each other.</summary>
    public const int TextsMax = 2000;

    private const int Among = 10;
    private const int UnitsMin = 4;

    /// <summary>The metric of an embedder; null where there is none or are too few rows.</summary>
    public static JudgedMetric? Of(Model model, float[] features) =>
        model is EncoderModel encoder ? EncoderJudge.Of(encoder, features)
            : OfHalves(model, features);

    /// <summary>
    /// The share of halves that are among the ten nearest, beside the share by chance; equal texts
    /// count once, and of equally near halves the right one is in the middle. Null where the model
    /// does not read units or there are too few texts.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="features">(texts, features), the first ones of them are looked at.</param>
    public static JudgedMetric? OfHalves(Model model, ReadOnlySpan<float> features)
    {
        if (model is not BagModel bag)
        {
            return null;
        }

        int width = model.FeatureCount;
        int room = Math.Min(TextsMax, features.Length / width);
        var first = new float[room * model.OutputCount];
        var second = new float[room * model.OutputCount];
        var half = new float[width];
        var seen = new HashSet<ulong>();
        int count = 0;
        for (int row = 0; row < room; row++)
        {
            ReadOnlySpan<float> text = features.Slice(row * width, width);
            int units = UnitsOf(text);
            if (units < UnitsMin || !seen.Add(Hash64.Of(MemoryMarshal.AsBytes(text))))
            {
                continue;
            }

            int middle = units / 2 * 2;
            Encode(bag, text[..middle], half, first.AsSpan(count * model.OutputCount));
            Encode(bag, text[middle..], half, second.AsSpan(count * model.OutputCount));
            count++;
        }

        if (count <= 2 * Among)
        {
            return null;
        }

        long found = CountFound(first, second, count, model.OutputCount);
        double chance = Among / (double)count;
        (double low, double high) = Confidence.Wilson(found, count);
        return new JudgedMetric(
            "half_recall_at_10",
            found / (double)count,
            chance,
            low,
            high,
            true,
            Baseline.Compare(found, count, chance));
    }

    private static int UnitsOf(ReadOnlySpan<float> text)
    {
        int units = 0;
        while (2 * units < text.Length && text[2 * units] > 0)
        {
            units++;
        }

        return units;
    }

    private static void Encode(
        BagModel bag, ReadOnlySpan<float> units, float[] half, Span<float> vector)
    {
        half.AsSpan().Clear();
        units.CopyTo(half);
        bag.Predict(half, 1, vector[..bag.OutputCount]);
    }

    /// <summary>
    /// How many vectors of one side have their partner, of the same place, among the ten with the
    /// largest products; both (count, width).
    /// </summary>
    public static long CountFound(float[] first, float[] second, int count, int width)
    {
        long found = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> query = first.AsSpan(i * width, width);
            double right = VectorArithmetic.Dot(query, second.AsSpan(i * width, width));
            int twice = 0;
            for (int j = 0; j < count && twice < 2 * Among; j++)
            {
                double other = j == i ? double.NegativeInfinity
                    : VectorArithmetic.Dot(query, second.AsSpan(j * width, width));
                twice += other > right ? 2 : other == right ? 1 : 0;
            }

            found += twice < 2 * Among ? 1 : 0;
        }

        return found;
    }
}
