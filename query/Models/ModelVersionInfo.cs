using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What the catalog knows of one version of a model: enough to bind a prediction without reading
/// any weights.
/// </summary>
internal sealed record ModelVersionInfo
{
    /// <summary>The number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// The SHA-256 of the stored header: other contents have another identity, whatever their name
    /// is.
    /// </summary>
    public required string Identity { get; init; }

    /// <summary>What the version says about a row.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The column that is predicted; empty where nothing is.</summary>
    public required string Target { get; init; }

    /// <summary>The type of the target in the query; of a prediction where there is none.</summary>
    public required DataType TargetType { get; init; }

    /// <summary>The targets behind the first one, by name.</summary>
    public IReadOnlyList<ModelColumn> Others { get; init; } = [];

    /// <summary>All targets in their order.</summary>
    public IReadOnlyList<ModelColumn> Targets =>
        Target.Length == 0 ? [] : [new ModelColumn(Target, TargetType), .. Others];

    /// <summary>The names of all targets.</summary>
    public string TargetText => string.Join(", ", Targets.Select(static it => it.Name));

    /// <summary>Floating-point operations for one row, about; 0 if not known.</summary>
    public long FlopPerRow { get; init; }

    /// <summary>The length of the vectors that it gives; 0 if it gives none.</summary>
    public int EmbeddingLength { get; init; }

    /// <summary>The columns that a prediction needs, by name.</summary>
    public required IReadOnlyList<ModelColumn> Inputs { get; init; }

    /// <summary>The type of a prediction.</summary>
    public DataType OutputType => Others.Count > 0 ? DataType.Json : OutputTypeOf(0);

    /// <summary>The type of a prediction of one target.</summary>
    public DataType OutputTypeOf(int target) => Task switch
    {
        ModelTask.Classifier => target == 0 ? TargetType : Others[target - 1].Type,
        ModelTask.Tagger => TargetType,
        ModelTask.Cluster => DataType.BigInt,
        ModelTask.Embedder or ModelTask.GraphEmbedding => DataType.VectorOf(EmbeddingLength),
        _ => DataType.Double,
    };
}
