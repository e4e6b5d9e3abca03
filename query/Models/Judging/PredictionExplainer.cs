using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Explains predictions of one version by the columns that they were made from, against rows that
/// it was trained on.
/// </summary>
internal sealed class PredictionExplainer
{
    private const int BackgroundRowsMax = 1000;
    private const int Steps = 256;
    private readonly ModelVersion _version;
    private readonly float[] _background;

    private PredictionExplainer(ModelVersion version, float[] background)
    {
        _version = version;
        _background = background;
        Groups = FeatureGroup.Of(version.Pipeline);
    }

    /// <summary>The groups of features that come from one column each.</summary>
    public IReadOnlyList<FeatureGroup> Groups { get; }

    /// <summary>The explainer of a version; other rows are taken from its training.</summary>
    public static PredictionExplainer Create(
        ModelVersion version, ExecutionContext context, SourcePosition position)
    {
        if (version.Info.Task == ModelTask.Embedder)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {version.Name} cannot be explained by its columns: an embedder gives "
                + "vectors. Compare them with similarity(embed(..), embed(..)).",
                position);
        }

        ModelData data = JudgedPart.Divide(version, context, position);
        var part = new JudgedPart(
            "train",
            data.Query.Columns,
            data,
            () => ModelInsight.First(data.Read(SplitPart.Train), BackgroundRowsMax));
        JudgedRows rows = JudgedRows.Read(version, part, position, keepsFeatures: true);
        return rows.Count > 0
            ? new PredictionExplainer(version, rows.Features)
            : throw NeuralErrors.UntrainableData(
                $"There are no training rows of {version.Name} to compare a prediction with.");
    }

    /// <summary>
    /// The features of the row of a batch; null if the model says nothing of it.
    /// </summary>
    public float[]? FeaturesOf(RawRows raw, int row)
    {
        int width = _version.Pipeline.Output.Length;
        var features = new float[raw.Count * width];
        var isUsable = new bool[raw.Count];
        _version.Pipeline.Apply(raw, features, isUsable);
        return isUsable[row] ? features[(row * width)..((row + 1) * width)] : null;
    }

    /// <summary>What is said of a row, as text, and which output says it.</summary>
    public (string Text, int Output) Say(float[] features)
    {
        var outputs = new float[_version.Model.OutputCount];
        _version.Model.Predict(features, 1, outputs);
        if (_version.Info.Task == ModelTask.Classifier)
        {
            int best = Classes.Best(outputs);
            return (_version.Labels[best], best);
        }

        int output = _version.Info.Task == ModelTask.Cluster ? 1 : 0;
        return (outputs[0].ToString("R", CultureInfo.InvariantCulture), output);
    }

    /// <summary>The share of each column in an output.</summary>
    public FeatureShares Explain(float[] features, int output, int samples) =>
        ShapleySampling.Explain(
            _version.Model,
            features,
            _background,
            [.. Groups.Select(static group => (group.Start, group.Length))],
            output,
            samples,
            (ulong)_version.Facts.Seed);

    /// <summary>
    /// The share of each feature by slopes, and what is said of the base: the mean of training
    /// rows, or of an image a black one.
    /// </summary>
    public (double[] Shares, double Base) Integrate(float[] features, int output, bool isImage)
    {
        NetworkModel network = IntegratedGradients.NetworkOf(_version.Model)
            ?? throw NeuralErrors.InvalidModel(
                "METHOD integrated_gradients follows the slopes of a network, and "
                + $"{_version.Name} is none; use METHOD shapley.");
        if (_version.Pipeline.Transforms.Any(static it => it.Spec.Kind is TransformKind.Words
            or TransformKind.Units or TransformKind.WordUnits))
        {
            throw NeuralErrors.InvalidModel(
                "METHOD integrated_gradients moves features a little, and the numbers of words "
                + "cannot be moved; use METHOD shapley.");
        }

        var origin = new float[features.Length];
        int rows = isImage ? 0 : _background.Length / features.Length;
        for (int i = 0; i < rows * features.Length; i++)
        {
            origin[i % features.Length] += _background[i] / rows;
        }

        var outputs = new float[_version.Model.OutputCount];
        network.Predict(origin, 1, outputs);
        return (
            IntegratedGradients.Explain(network, features, origin, output, Steps), outputs[output]);
    }

    /// <summary>The value of a column of a raw row, as text.</summary>
    public static string TextOf(RawRows raw, int column, int row) => raw.Columns[column].Kind switch
    {
        ColumnKind.Number => double.IsNaN(raw.Numbers[column][row])
            ? "NULL" : raw.Numbers[column][row].ToString("R", CultureInfo.InvariantCulture),
        ColumnKind.Text => raw.Texts[column][row] is { } text ? ValueText.Shorten(text) : "NULL",
        ColumnKind.Vector => "a vector",
        ColumnKind.Audio => "a sound",
        _ => "an image",
    };
}
