using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The examples of one training: in memory where they fit, otherwise read from the query in every
/// pass and shuffled in a buffer.
/// </summary>
internal sealed class ModelSource
{
    private const int ShuffleRowsMin = 1024;
    private const int ShuffleRowsMax = 1 << 20;
    private const int SampleRowsMax = 20_000;
    private const int SampleFloatsMax = 1 << 26;
    private const int SparseFeaturesMin = 4096;
    private const int SparsePieceFloats = 1 << 18;
    private const int SparsePieceRowsMax = 64;

    private readonly ModelExamples _train;
    private readonly float[]? _features;
    private readonly float[]? _targets;
    private readonly int _count;

    private ModelSource(
        ModelData data,
        FeaturePipeline pipeline,
        IReadOnlyList<LabelSet>? labels,
        IReadOnlyList<TargetScale> scales,
        long memoryBytesMax,
        ulong seed,
        SourcePosition position)
    {
        ModelExamples Of(SplitPart part) => new(data, part, pipeline, labels, position)
        {
            Scales = scales,
            IsTraining = part == SplitPart.Train,
        };
        _train = Of(SplitPart.Train);
        if (pipeline.Transforms.All(static it => it.Units is not null))
        {
            // An embedder reads its texts once and keeps what it needs of them by itself.
            Train = _train;
            return;
        }

        ModelExamples validation = Of(SplitPart.Validation);
        long rowBytes = sizeof(float) * ((long)_train.FeatureCount + _train.TargetCount);
        long rows = data.CountOf(SplitPart.Train) + data.CountOf(SplitPart.Validation);
        if (_train.FeatureCount >= SparseFeaturesMin
            && IsSparse(pipeline)
            && ReadSparse(_train, seed, memoryBytesMax) is { } train
            && ReadSparse(validation, null, memoryBytesMax) is { } judged)
        {
            Train = train;
            Validation = judged.Count == 0 ? null : judged;
            return;
        }

        bool isSmall = rows * rowBytes <= memoryBytesMax
            && data.CountOf(SplitPart.Train) * (long)_train.FeatureCount < Array.MaxLength;
        if (isSmall)
        {
            (_features, _targets, _count) = _train.ReadAll();
            Train = Arrays(_features, _targets, _count, _train, seed);
            (float[] features, float[] targets, int count) = validation.ReadAll();
            Validation = count == 0
                ? null : Arrays(features, targets, count, validation, null);
            return;
        }

        int buffer = (int)Math.Clamp(
            memoryBytesMax / 2 / rowBytes, ShuffleRowsMin, ShuffleRowsMax);
        Train = new ShuffledExamples(_train, buffer, seed);
        Validation = data.CountOf(SplitPart.Validation) == 0 ? null : validation;
    }

    /// <summary>The rows to learn from.</summary>
    public IExampleSource Train { get; }

    /// <summary>The rows to choose by, or null.</summary>
    public IExampleSource? Validation { get; }

    /// <summary>Training rows that gave no features.</summary>
    public long UnusableCount => _train.UnusableCount;

    /// <summary>An error if it is known that none of so many rows can train.</summary>
    public void CheckUsable(long count)
    {
        if (UnusableCount > 0 && UnusableCount == count)
        {
            throw NeuralErrors.UntrainableData(
                $"None of the {count} rows to train on can be used: each has a feature that is "
                + "NULL or no number. Leave that column out, or fill it by COALESCE.");
        }
    }

    /// <summary>The examples of a training.</summary>
    public static ModelSource Open(
        ModelData data,
        FeaturePipeline pipeline,
        IReadOnlyList<LabelSet>? labels,
        IReadOnlyList<TargetScale> scales,
        long memoryBytesMax,
        ulong seed,
        SourcePosition position) =>
        new(data, pipeline, labels, scales, memoryBytesMax, seed, position);

    /// <summary>All training rows, or the first ones if they are not in memory.</summary>
    public (ReadOnlyMemory<float> Features, ReadOnlyMemory<float> Targets) Sample()
    {
        if (_features is not null && _targets is not null)
        {
            return (
                _features.AsMemory(0, _count * _train.FeatureCount),
                _targets.AsMemory(0, _count * _train.TargetCount));
        }

        int rows = Math.Clamp(SampleFloatsMax / Math.Max(1, _train.FeatureCount), 1, SampleRowsMax);
        var features = new float[rows * _train.FeatureCount];
        var targets = new float[rows * _train.TargetCount];
        using IExampleReader reader = _train.Open(0);
        int count = reader.Read(features, targets);
        return (
            features.AsMemory(0, count * _train.FeatureCount),
            targets.AsMemory(0, count * _train.TargetCount));
    }

    // Of texts as places of words nearly all features of a row are 0.
    private static bool IsSparse(FeaturePipeline pipeline) => pipeline.Transforms.All(static it =>
        it.Spec.IsPlaces || it.Spec.Kind is TransformKind.OneHot or TransformKind.Hash
            or TransformKind.Bucketize or TransformKind.Cross
        || it.Output.Length == 1);

    private static SparseExamples? ReadSparse(
        ModelExamples source, ulong? seed, long memoryBytesMax)
    {
        // A few rows at once stay in the cache until they are read.
        int piece = Math.Clamp(SparsePieceFloats / source.FeatureCount, 1, SparsePieceRowsMax);
        var sparse = new SparseExamples(source.FeatureCount, source.TargetCount, seed);
        var features = new float[piece * source.FeatureCount];
        var targets = new float[piece * source.TargetCount];
        using IExampleReader reader = source.Open(0);
        for (int count; (count = reader.Read(features, targets)) > 0;)
        {
            sparse.Add(features, targets, count);
            if (sparse.SizeBytes > memoryBytesMax)
            {
                return null;
            }
        }

        return sparse;
    }

    private static ArrayExamples Arrays(
        float[] features, float[] targets, int count, ModelExamples source, ulong? seed) => new(
            features.AsMemory(0, count * source.FeatureCount),
            targets.AsMemory(0, count * source.TargetCount),
            count,
            seed);
}
