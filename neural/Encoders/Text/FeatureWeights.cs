using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The inverse document frequencies of hashed features: one byte for each bucket. Immutable.
/// </summary>
/// <remarks>
/// The weight of a bucket is sqrt(ln(1 + (N - n + 0.5) / (n + 0.5))), N texts of which n hold a
/// feature of the bucket. The logarithm is the IDF of Robertson and Sparck Jones (1976), kept
/// positive as BM25 does; its root, because both texts of an inner product carry the weight, and
/// their product is then the IDF once, as in BM25. Rounded to 255 steps: logarithms may differ in
/// the last bit between machines, and what is saved is the steps.
/// </remarks>
internal sealed class FeatureWeights
{
    private const int StepCount = 255;

    private readonly byte[] _steps;
    private readonly int _bitCount;

    /// <summary>Takes what was saved.</summary>
    /// <param name="steps">One step for each of 2^n buckets; owned from now on.</param>
    /// <param name="stepSize">The weight of one step; 0 makes all weights 1.</param>
    /// <param name="textCount">How many texts were counted.</param>
    public FeatureWeights(byte[] steps, float stepSize, long textCount)
    {
        Invariant.Check(int.IsPow2(steps.Length));
        _steps = steps;
        _bitCount = int.Log2(steps.Length);
        StepSize = stepSize;
        TextCount = textCount;
    }

    /// <summary>One step for each bucket.</summary>
    public ReadOnlySpan<byte> Steps => _steps;

    /// <summary>The weight of one step; 0 before anything was counted.</summary>
    public float StepSize { get; }

    /// <summary>How many texts were counted.</summary>
    public long TextCount { get; }

    /// <summary>The weight of a feature.</summary>
    public float this[ulong feature] => StepSize == 0
        ? 1
        : _steps[FeatureHash.Bucket(feature, _bitCount)] * StepSize;

    /// <summary>Weighs buckets by the number of texts that hold a feature of them.</summary>
    public static FeatureWeights FromCounts(ReadOnlySpan<int> counts, long textCount)
    {
        var steps = new byte[counts.Length];
        if (textCount == 0)
        {
            return new FeatureWeights(steps, 0, 0);
        }

        double most = Weight(0, textCount);
        for (int i = 0; i < steps.Length; i++)
        {
            double weight = Weight(Math.Min(counts[i], textCount), textCount);
            steps[i] = (byte)Math.Round(weight / most * StepCount);
        }

        return new FeatureWeights(steps, (float)(most / StepCount), textCount);
    }

    private static double Weight(long count, long textCount) =>
        Math.Sqrt(Math.Log(1 + ((textCount - count + 0.5) / (count + 0.5))));
}
