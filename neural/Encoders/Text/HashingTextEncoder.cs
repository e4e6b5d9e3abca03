using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Turns text into vectors by feature hashing: no training, no model to fetch. Words, joined words
/// and character n-grams are hashed, weighted by inverse document frequency and added with random
/// signs to a few coordinates each; the sum is scaled to length 1. Texts that share rare features
/// are near. Immutable, so any thread may encode.
/// </summary>
/// <remarks>
/// Signed hashing keeps inner products unbiased (Weinberger et al., "Feature Hashing for Large
/// Scale Multitask Learning", ICML 2009, section 2); several coordinates a feature thin out the
/// heavy tail of collisions (Kane and Nelson, "Sparser Johnson-Lindenstrauss Transforms", JACM
/// 2014, the block construction). A feature weighs sqrt(occurrences) * kind weight * rarity
/// (<see cref="FeatureWeights"/>). All arithmetic is in one fixed order of IEEE operations: the
/// same text and state give the same bits everywhere.
/// <para>
/// A text without any feature (empty, blanks, punctuation only) gives the zero vector, whose
/// cosine with anything is undefined; <see cref="Encode"/> returns false for it.
/// </para>
/// </remarks>
internal sealed class HashingTextEncoder
{
    private const int BatchLength = 64;
    private const int FeatureBlockLength = 128;

    [ThreadStatic]
    private static TextFeatureTable? _threadTable;

    private readonly FeatureWeights _weights;

    /// <summary>An encoder that weighs all features alike.</summary>
    public HashingTextEncoder(HashingTextEncoderOptions options)
        : this(options, new FeatureWeights(new byte[1], 0, 0))
    {
    }

    internal HashingTextEncoder(HashingTextEncoderOptions options, FeatureWeights weights)
    {
        options.Validate();
        Options = options;
        _weights = weights;
    }

    /// <summary>The shape of the encoder.</summary>
    public HashingTextEncoderOptions Options { get; }

    /// <summary>The length of the vectors.</summary>
    public int Dimension => Options.Dimension;

    /// <summary>How many texts the feature weights were learned from.</summary>
    public long TextCount => _weights.TextCount;

    internal FeatureWeights Weights => _weights;

    /// <summary>Learns from texts how rare each feature is.</summary>
    /// <remarks>O(total length); the texts are read once and not kept.</remarks>
    public static HashingTextEncoder Fit(
        IEnumerable<string> texts,
        HashingTextEncoderOptions options,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        var counts = new int[1 << options.BucketBitCount];
        long textCount = 0;
        TextFeatureTable table = ThreadTable();
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            table.Clear();
            TextFeatureExtractor.Extract(text, options, table);
            foreach (ref readonly TextFeature feature in table.Features)
            {
                counts[FeatureHash.Bucket(feature.Hash, options.BucketBitCount)]++;
            }

            textCount++;
        }

        return new HashingTextEncoder(options, FeatureWeights.FromCounts(counts, textCount));
    }

    /// <summary>Encodes a text; allocates nothing once the thread has encoded before.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vector">Receives <see cref="Dimension"/> values, of length 1 or all 0.</param>
    /// <returns>Whether the text has any feature; otherwise the vector is all 0.</returns>
    public bool Encode(ReadOnlySpan<char> text, Span<float> vector)
    {
        if (vector.Length != Dimension)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"The text encoder gives {Dimension} values, but there is room for "
                + $"{vector.Length}.");
        }

        TextFeatureTable table = ThreadTable();
        table.Clear();
        TextFeatureExtractor.Extract(text, Options, table);
        vector.Clear();
        AddFeatures(table.Features, vector);
        return TryNormalize(vector);
    }

    /// <summary>Encodes many texts on all workers, each as <see cref="Encode"/> would.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="vectors">Receives the vectors, (texts, <see cref="Dimension"/>).</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public void EncodeBatch(
        IReadOnlyList<string> texts,
        Memory<float> vectors,
        IWorkers workers,
        CancellationToken cancellationToken = default)
    {
        if (vectors.Length != (long)texts.Count * Dimension)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"{texts.Count} texts of {Dimension} values each do not fill "
                + $"{vectors.Length} values.");
        }

        int batchCount = (texts.Count + BatchLength - 1) / BatchLength;
        workers.ForEach(batchCount, batch =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            int end = Math.Min(texts.Count, (batch + 1) * BatchLength);
            for (int i = batch * BatchLength; i < end; i++)
            {
                Encode(texts[i], vectors.Span.Slice(i * Dimension, Dimension));
            }
        });
    }

    /// <summary>The options and learned weights as bytes, for <see cref="Load"/>.</summary>
    public byte[] Save() => HashingTextEncoderFormat.Write(this);

    /// <summary>The encoder that <see cref="Save"/> gave the bytes of.</summary>
    /// <exception cref="CorruptionException">The bytes are damaged or something else.</exception>
    public static HashingTextEncoder Load(ReadOnlySpan<byte> state) =>
        HashingTextEncoderFormat.Read(state);

    private void AddFeatures(ReadOnlySpan<TextFeature> features, Span<float> vector)
    {
        Span<ulong> hashes = stackalloc ulong[FeatureBlockLength];
        Span<float> weights = stackalloc float[FeatureBlockLength];
        while (!features.IsEmpty)
        {
            int count = Math.Min(features.Length, FeatureBlockLength);
            for (int i = 0; i < count; i++)
            {
                ref readonly TextFeature feature = ref features[i];
                hashes[i] = feature.Hash;
                weights[i] = feature.WeightSum / MathF.Sqrt(feature.OccurrenceCount)
                    * _weights[feature.Hash];
            }

            HashedSum.Add(hashes[..count], weights[..count], Options.SpreadCount, vector);
            features = features[count..];
        }
    }

    private static TextFeatureTable ThreadTable() => _threadTable ??= new TextFeatureTable();

    // sum of squares in double over four fixed lanes: v / sqrt(sum v^2)
    private static bool TryNormalize(Span<float> vector)
    {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i + 4 <= vector.Length; i += 4)
        {
            sum0 += (double)vector[i] * vector[i];
            sum1 += (double)vector[i + 1] * vector[i + 1];
            sum2 += (double)vector[i + 2] * vector[i + 2];
            sum3 += (double)vector[i + 3] * vector[i + 3];
        }

        for (; i < vector.Length; i++)
        {
            sum0 += (double)vector[i] * vector[i];
        }

        double sum = sum0 + sum1 + (sum2 + sum3);
        if (sum == 0)
        {
            return false;
        }

        float scale = (float)(1 / Math.Sqrt(sum));
        foreach (ref float value in vector)
        {
            value *= scale;
        }

        return true;
    }
}
