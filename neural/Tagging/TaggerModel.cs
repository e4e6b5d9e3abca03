using System.Numerics;

namespace NeuroDb.Neural;

/// <summary>
/// Says of each token of a text which tag it has: a linear chain of tags over hashed features of
/// the tokens. Immutable; a <see cref="TaggerRun"/> is the memory of one thread.
/// </summary>
/// <remarks>
/// Tensors: features (buckets, tags) with a power of two of buckets; transitions (tags + 1, tags),
/// whose last row is of the beginning.
/// </remarks>
internal sealed class TaggerModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string TaggerKind = "tagger";

    private const int WindowMax = 5;
    private const int WindowUsual = 2;

    private readonly Tensor _features;
    private readonly Tensor _transitions;

    /// <summary>A model of tensors.</summary>
    public TaggerModel(int window, Tensor features, Tensor transitions)
    {
        Window = window;
        _features = features;
        _transitions = transitions;
        TagCount = transitions.Shape[1];
        BucketCount = features.Shape[0];
    }

    /// <summary>How far neighbours are that a token is judged by.</summary>
    public int Window { get; }

    /// <summary>How many tags there are.</summary>
    public int TagCount { get; }

    /// <summary>Places of features.</summary>
    public int BucketCount { get; }

    /// <summary>The weights of features, (buckets, tags).</summary>
    public Memory<float> Features => _features.Data;

    /// <summary>The scores of a tag behind another, (tags + 1, tags).</summary>
    public Memory<float> Transitions => _transitions.Data;

    /// <inheritdoc/>
    public override string Kind => TaggerKind;

    /// <inheritdoc/>
    public override string Architecture => $"crf(window={LayerNames.Number(Window)})";

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Tagger;

    /// <summary>One text, which is no number.</summary>
    public override int FeatureCount => 1;

    /// <inheritdoc/>
    public override int OutputCount => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [_features, _transitions];

    /// <summary>Of one token.</summary>
    public override long FlopPerRow =>
        ((long)new TokenFeatures(Window).CountMax * TagCount) + (2L * TagCount * TagCount);

    /// <summary>How far neighbours are for a recipe.</summary>
    public static int WindowOf(Recipe recipe) =>
        recipe.Whole("window", WindowUsual, 1, WindowMax);

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static TaggerModel FromTensors(
        string architecture, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor features = tensors["features"];
        Tensor transitions = tensors["transitions"];
        bool fits = features.Shape is [var buckets, var tags] && BitOperations.IsPow2(buckets)
            && tags > 0 && transitions.Shape is [var from, var to] && to == tags
            && from == tags + 1;
        return fits
            ? new TaggerModel(WindowOf(Recipe.Parse(architecture)), features, transitions)
            : throw NeuralErrors.MalformedModel("its features and tags do not fit each other");
    }

    /// <summary>Texts are not numbers: <see cref="TaggerRun"/> reads them.</summary>
    public override void Predict(
        ReadOnlyMemory<float> features, int count, Span<float> outputs) =>
        throw Invariant.Broken("a tagger reads texts");
}
