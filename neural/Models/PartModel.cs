using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// A model that reads consecutive ones of the features of a row and none of the others, so that
/// models with features of their own can stand side by side.
/// </summary>
internal sealed class PartModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string PartKind = "part";

    private const int PartCount = 7;
    private const int OffsetMax = 1 << 26;

    /// <summary>A model of some of the features.</summary>
    /// <param name="inner">The model: a network or trees.</param>
    /// <param name="offset">Its first feature.</param>
    /// <param name="featureCount">All features of a row.</param>
    public PartModel(Model inner, int offset, int featureCount)
    {
        Invariant.Check(CanHold(inner));
        Invariant.Check(offset >= 0 && offset + inner.FeatureCount <= featureCount);
        Inner = inner;
        Offset = offset;
        FeatureCount = featureCount;
        TensorShape input = NetworkOf(inner)?.Network.Input
            ?? TensorShape.Flat(inner.FeatureCount);
        Architecture = string.Create(
            CultureInfo.InvariantCulture,
            $"{offset} {inner.Kind} {NetworkOf(inner)?.Loss ?? 0} {input.Height} {input.Width} "
            + $"{input.Channels} {inner.Architecture}");
    }

    /// <summary>The model.</summary>
    public Model Inner { get; }

    /// <summary>Its first feature.</summary>
    public int Offset { get; }

    /// <inheritdoc/>
    public override string Kind => PartKind;

    /// <inheritdoc/>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task => Inner.Task;

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int OutputCount => Inner.OutputCount;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => Inner.Tensors;

    /// <inheritdoc/>
    public override long FlopPerRow => Inner.FlopPerRow;

    /// <summary>Whether a model can be one of several.</summary>
    public static bool CanHold(Model model) =>
        model is NetworkModel or QuantizedNetworkModel or TreeModel;

    /// <summary>The model of a header.</summary>
    /// <param name="header">The header.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="restore">The model of a header of its own.</param>
    public static PartModel FromTensors(
        ModelHeader header,
        Dictionary<string, Tensor> tensors,
        Func<ModelHeader, Dictionary<string, Tensor>, Model> restore)
    {
        string[] parts = header.Architecture.Split(' ', PartCount);
        bool fits = parts.Length == PartCount && parts[1] is not (PartKind or GroupModel.GroupKind
            or EnsembleModel.EnsembleKind);
        if (!fits || Size(parts[0]) is not int offset
            || !Enum.TryParse(parts[2], out LossKind loss) || !Enum.IsDefined(loss)
            || Size(parts[3]) is not int height || Size(parts[4]) is not int width
            || Size(parts[5]) is not int channels
            || (long)height * width * channels + offset > header.FeatureCount)
        {
            throw NeuralErrors.MalformedModel("a model of an ensemble is not described");
        }

        Model inner = restore(
            header with
            {
                Kind = parts[1],
                Loss = loss,
                Input = new TensorShape(height, width, channels),
                FeatureCount = height * width * channels,
                Architecture = parts[6],
            },
            tensors);
        return CanHold(inner) && inner.FeatureCount == height * width * channels
            ? new PartModel(inner, offset, header.FeatureCount)
            : throw NeuralErrors.MalformedModel("a model of an ensemble does not fit its features");
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        int width = Inner.FeatureCount;
        Memory<float> own = Gpu.AlignedMemory.Allocate<float>(count * width);
        for (int row = 0; row < count; row++)
        {
            features.Span.Slice((row * FeatureCount) + Offset, width)
                .CopyTo(own.Span[(row * width)..]);
        }

        Inner.Predict(own, count, outputs);
    }

    private static NetworkModel? NetworkOf(Model model) =>
        model is QuantizedNetworkModel quantized ? quantized.Restored : model as NetworkModel;

    private static int? Size(string text) => int.TryParse(
        text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size <= OffsetMax
            ? size : null;
}
