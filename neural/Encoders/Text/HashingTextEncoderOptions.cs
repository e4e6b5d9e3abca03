namespace NeuroDb.Neural;

/// <summary>
/// The shape of a <see cref="HashingTextEncoder"/>. Saved with the fitted state, because vectors
/// of two encoders compare only if every value is the same.
/// </summary>
internal sealed record HashingTextEncoderOptions
{
    /// <summary>The smallest dimension: below it, unrelated texts collide too often.</summary>
    public const int DimensionMin = 16;

    /// <summary>The most signed coordinates that one feature is spread over.</summary>
    public const int SpreadCountMax = 16;

    /// <summary>The longest character n-gram.</summary>
    public const int GramLengthLimit = 8;

    /// <summary>The most frequency buckets, as a power of two.</summary>
    public const int BucketBitCountMax = 24;

    /// <summary>The least frequency buckets, as a power of two.</summary>
    public const int BucketBitCountMin = 8;

    /// <summary>The largest weight of a kind of feature.</summary>
    public const float WeightMax = 16;

    /// <summary>The length of the vectors.</summary>
    public int Dimension { get; init; } = 384;

    /// <summary>Document frequencies are kept in 2^n buckets of hashed features.</summary>
    public int BucketBitCount { get; init; } = 16;

    /// <summary>How many signed coordinates each feature adds to.</summary>
    public int SpreadCount { get; init; } = 2;

    /// <summary>The shortest character n-gram of a word, its two boundary marks included.</summary>
    public int GramLengthMin { get; init; } = 3;

    /// <summary>The longest character n-gram of a word, its two boundary marks included.</summary>
    public int GramLengthMax { get; init; } = 4;

    /// <summary>The weight of all n-grams of a word beside the word itself; 0 for none.</summary>
    public float GramWeight { get; init; } = 1;

    /// <summary>The weight of two neighbouring words joined, beside a word; 0 for none.</summary>
    public float PairWeight { get; init; } = 0.4f;

    /// <summary>Whether English endings are taken off words.</summary>
    public bool Stem { get; init; } = true;

    /// <summary>Raises <see cref="ErrorCode.InvalidSetting"/> unless all values fit.</summary>
    public void Validate()
    {
        Require(
            Dimension is >= DimensionMin and <= Limits.VectorDimensionMax,
            nameof(Dimension), Dimension, DimensionMin, Limits.VectorDimensionMax);
        Require(
            BucketBitCount is >= BucketBitCountMin and <= BucketBitCountMax,
            nameof(BucketBitCount), BucketBitCount, BucketBitCountMin, BucketBitCountMax);
        Require(
            SpreadCount is >= 1 and <= SpreadCountMax,
            nameof(SpreadCount), SpreadCount, 1, SpreadCountMax);
        Require(
            GramLengthMin is >= 1 and <= GramLengthLimit,
            nameof(GramLengthMin), GramLengthMin, 1, GramLengthLimit);
        Require(
            GramLengthMax >= GramLengthMin && GramLengthMax <= GramLengthLimit,
            nameof(GramLengthMax), GramLengthMax, GramLengthMin, GramLengthLimit);
        Require(
            GramWeight is >= 0 and <= WeightMax, nameof(GramWeight), GramWeight, 0, WeightMax);
        Require(
            PairWeight is >= 0 and <= WeightMax, nameof(PairWeight), PairWeight, 0, WeightMax);
    }

    private static void Require(bool holds, string name, float value, float least, float most)
    {
        if (!holds)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidSetting,
                FormattableString.Invariant(
                    $"The text encoder's {name} is {value}; choose from {least} to {most}."));
        }
    }
}
