namespace NeuroDb.Neural;

/// <summary>
/// A vector for each unit of texts; a text is the weighted sum of the vectors of its units, without
/// what all texts have in common, brought to length 1. Features are pairs of a number from 1 and a
/// weight, as <see cref="UnitVocabulary"/> gives them.
/// </summary>
/// <remarks>
/// y = s - C C^T s with s = sum w_i r_i, then y / |y|; rows r (units, dimension), common directions
/// C (dimension, directions), which may be none (Arora et al., ICLR 2017, algorithm 1). A text
/// whose sum is zero stays zero.
/// </remarks>
internal sealed class BagModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string BagKind = "bag";

    private readonly Tensor _rows;
    private readonly Tensor? _common;
    private readonly int _units;

    /// <summary>A model of rows and perhaps common directions.</summary>
    /// <param name="architecture">How it was trained.</param>
    /// <param name="featureCount">Numbers of the features of a text, two for each unit.</param>
    /// <param name="rows">(units, dimension).</param>
    /// <param name="common">(directions, dimension), orthonormal rows; null for none.</param>
    public BagModel(string architecture, int featureCount, Tensor rows, Tensor? common)
    {
        Architecture = architecture;
        FeatureCount = featureCount;
        _rows = rows;
        _common = common;
        _units = rows.Shape[0];
        OutputCount = rows.Shape[1];
    }

    /// <summary>The vectors of the units, (units, dimension).</summary>
    public ReadOnlyMemory<float> Rows => _rows.Data;

    /// <summary>Common directions, (directions, dimension); null for none.</summary>
    public Tensor? Common => _common;

    /// <inheritdoc/>
    public override string Kind => BagKind;

    /// <inheritdoc/>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Embedder;

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int OutputCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => _common is null ? [_rows] : [_rows, _common];

    /// <summary>Of a text that fills its features.</summary>
    public override long FlopPerRow => (long)FeatureCount * OutputCount;

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static BagModel FromTensors(
        string architecture, int featureCount, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor rows = tensors["rows"];
        Tensor? common = tensors.GetValueOrDefault("common");
        bool fits = rows.Shape.Count == 2 && rows.Shape[1] is > 0 and <= Limits.VectorDimensionMax
            && featureCount > 0 && featureCount % 2 == 0
            && (common is null || (common.Shape.Count == 2 && common.Shape[1] == rows.Shape[1]));
        return fits
            ? new BagModel(architecture, featureCount, rows, common)
            : throw NeuralErrors.MalformedModel("the vectors of units do not fit");
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        int width = OutputCount;
        for (int i = 0; i < count; i++)
        {
            Span<float> output = outputs.Slice(i * width, width);
            Sum(features.Span.Slice(i * FeatureCount, FeatureCount), output);
            RemoveCommon(output);
            VectorArithmetic.Normalize(output);
        }
    }

    /// <summary>The weighted sum of the units of a text.</summary>
    public void Sum(ReadOnlySpan<float> features, Span<float> output)
    {
        output.Clear();
        ReadOnlySpan<float> rows = _rows.Data.Span;
        for (int at = 0; at + 1 < features.Length && features[at] > 0; at += 2)
        {
            int number = (int)features[at] - 1;
            if (number < _units)
            {
                VectorArithmetic.AddScaled(
                    rows.Slice(number * OutputCount, OutputCount), features[at + 1], output);
            }
        }
    }

    private void RemoveCommon(Span<float> output)
    {
        if (_common is null)
        {
            return;
        }

        for (int i = 0; i < _common.Shape[0]; i++)
        {
            ReadOnlySpan<float> direction =
                _common.Data.Span.Slice(i * OutputCount, OutputCount);
            float product = (float)VectorArithmetic.Dot(direction, output);
            VectorArithmetic.AddScaled(direction, -product, output);
        }
    }
}
