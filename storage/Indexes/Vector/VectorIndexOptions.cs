using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>What an index of vectors was asked to be.</summary>
/// <param name="Metric">L2, cosine, inner product, or of bits Hamming.</param>
internal sealed record VectorIndexOptions(Metric Metric)
{
    /// <summary>The most lists of a part.</summary>
    public const int ListCountMax = 65_536;

    /// <summary>The share of the true k nearest that answers must hold, on average.</summary>
    public double TargetRecall { get; init; } = 0.99;

    /// <summary>How many lists a part has; 0 to choose by its size.</summary>
    public int ListCount { get; init; }

    /// <summary>What the rotation and the choice of samples come from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The options of a definition. A value that a statement would refuse is taken for the default:
    /// an old definition must not keep a database from opening.
    /// </summary>
    public static VectorIndexOptions Of(IndexSchema schema)
    {
        string[] parts = (schema.Columns[0].OperatorClass ?? "vector_l2_ops").Split('_');
        var options = new VectorIndexOptions(
            parts.Length > 1 && TryParse(parts[1], out Metric metric) ? metric : Metric.L2);
        if (double.TryParse(
                schema.Option("target_recall"), CultureInfo.InvariantCulture, out double recall)
            && recall is > 0 and <= 1)
        {
            options = options with { TargetRecall = recall };
        }

        return int.TryParse(
                schema.Option("lists"), NumberStyles.None, CultureInfo.InvariantCulture,
                out int lists)
            && lists <= ListCountMax
            ? options with { ListCount = lists }
            : options;
    }

    /// <summary>The metric of an operator class by the middle of its name.</summary>
    public static bool TryParse(string measure, out Metric metric)
    {
        metric = measure switch
        {
            "cosine" => Metric.Cosine,
            "ip" => Metric.InnerProduct,
            "hamming" => Metric.Hamming,
            _ => Metric.L2,
        };
        return measure is "l2" or "cosine" or "ip" or "hamming";
    }

    /// <summary>Whether an index can serve a metric.</summary>
    public static bool IsSupported(Metric metric) =>
        metric is Metric.L2 or Metric.Cosine or Metric.InnerProduct or Metric.Hamming;

    /// <summary>The metric by which codes rank.</summary>
    public static Metric CodeMetricOf(Metric metric) =>
        metric is Metric.Cosine or Metric.Hamming ? Metric.L2 : metric;
}
