using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Which columns of rows say what an edge joins, and how strongly.</summary>
/// <param name="Source">The column of the node where it begins.</param>
/// <param name="Destination">The column of the node where it ends.</param>
/// <param name="Weight">The column of weights, or nothing.</param>
/// <param name="IsDirected">Whether edges lead one way only.</param>
internal sealed record GraphSpec(
    string Source, string Destination, string Weight, bool IsDirected)
{
    /// <summary>What options say; the usual names where they say nothing.</summary>
    public static GraphSpec Of(ModelOptions options)
    {
        string directed = options.Texts.GetValueOrDefault("directed", "false").ToLowerInvariant();
        return new GraphSpec(
            options.Texts.GetValueOrDefault("source", "source"),
            options.Texts.GetValueOrDefault("destination", "destination"),
            options.Texts.GetValueOrDefault("weight", ""),
            directed is "true" or "false"
                ? directed == "true"
                : throw NeuralErrors.UnknownName("directed", directed, ["false", "true"]));
    }
}
