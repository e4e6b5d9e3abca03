using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Adds to each row what a model says of it: features and outputs of a batch at a time, on as many
/// threads as the rows below come from.
/// </summary>
internal sealed class Predict(
    PlanNode input, PredictionExpression[] predictions, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>What is computed; all have the inputs of the first.</summary>
    public PredictionExpression[] Predictions { get; } = predictions;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Predictions;

    /// <inheritdoc/>
    public override string Describe()
    {
        PredictionInputs inputs = Predictions[0].Inputs;
        IEnumerable<string> kinds = Predictions.Select(prediction => prediction.Kind switch
        {
            PredictionKind.Value when inputs.Model.Info.Others.Count > 0 =>
                inputs.Model.Info.Targets[prediction.Target].Name,
            PredictionKind.Value => "value",
            PredictionKind.All => "all targets",
            PredictionKind.Probability => $"probability of {prediction.Argument}",
            PredictionKind.Interval => $"interval of {prediction.Argument}",
            PredictionKind.Probabilities => "probabilities",
            PredictionKind.BestProbability => "its probability",
            PredictionKind.Embedding => $"a vector of {prediction.Type.Length} numbers",
            _ => "its distance",
        });
        return $"predict: {inputs.Model} using {inputs}, for {string.Join(", ", kinds)}";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context)
    {
        BoundModel model = Predictions[0].Inputs.Model;
        ModelVersion version = model.Load(context);
        Model trained = Predictions[0].Inputs.IsEmbedding && version.Embedding is { } embedding
            ? embedding
            : version.Model;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"model: {version.Info.Task.ToString().ToLowerInvariant()}, {trained.FlopPerRow:N0} "
            + $"operations a row, on the cpu");
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new PredictCursor(Input.Open(context), Predictions, context);

    /// <inheritdoc/>
    protected override Pipeline? StartParallel(ExecutionContext context) =>
        Input.Parallelize(context) is { } input
            ? new MappedPipeline(
                input, cursor => new PredictCursor(cursor, Predictions, context))
            : null;
}
