using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What a model is to be: the clauses of CREATE MODEL with everything that they leave open decided.
/// </summary>
internal sealed record ModelPlan
{
    /// <summary>What it is to say about a row.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The name of the target; empty if nothing is predicted.</summary>
    public required string Target { get; init; }

    /// <summary>The type of the target.</summary>
    public required DataType TargetType { get; init; }

    /// <summary>The targets behind the first one.</summary>
    public IReadOnlyList<ModelColumn> Others { get; init; } = [];

    /// <summary>All targets in their order.</summary>
    public IReadOnlyList<ModelColumn> Targets =>
        Target.Length == 0 ? [] : [new ModelColumn(Target, TargetType), .. Others];

    /// <summary>The raw features.</summary>
    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>The features as columns of the query.</summary>
    public required IReadOnlyList<ModelColumn> Inputs { get; init; }

    /// <summary>
    /// The column of texts that belong to those of the one feature, for training alone; or nothing.
    /// </summary>
    public string Partner { get; init; } = "";

    /// <summary>The transforms that were asked for.</summary>
    public required IReadOnlyList<TransformSpec> Transforms { get; init; }

    /// <summary>What USING asks for; null to choose by the shape of the features.</summary>
    public required Recipe? Recipe { get; init; }

    /// <summary>The models that are joined as they are; null if something is trained.</summary>
    public JoinedModels? Joined { get; init; }

    /// <summary>Its text, or nothing.</summary>
    public required string RecipeText { get; init; }

    /// <summary>How rows are divided.</summary>
    public required ModelSplit Split { get; init; }

    /// <summary>The options.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>The query that gives the rows.</summary>
    public required ModelQuery Query { get; init; }

    /// <summary>
    /// The row as the network of the version before sees it: one that came as a file may take a
    /// sequence of what a column holds as one vector. Null if there is none.
    /// </summary>
    public TensorShape? SeenShape { get; init; }

    /// <summary>What earlier versions revealed of the rows, of the budget of dp_epsilon.
    /// </summary>
    public double SpentEpsilon { get; init; }

    /// <summary>The place of the statement.</summary>
    public SourcePosition Position { get; init; }

    /// <summary>The shape in which features go into a network.</summary>
    public TensorShape ShapeOf(TensorShape features) =>
        features.IsFlat && SeenShape is { } seen && seen.Length == features.Length
            ? seen : features;
}
