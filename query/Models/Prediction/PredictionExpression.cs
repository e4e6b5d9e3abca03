namespace NeuroDb.Query;

/// <summary>
/// What a model says of each row. The planner puts it into an operator of its own where it can;
/// anywhere else it is computed here, a batch at a time all the same.
/// </summary>
internal sealed class PredictionExpression(
    PredictionKind kind, DataType type, PredictionInputs inputs, Expression? argument)
    : Expression(type)
{
    private static readonly RowBatch SingleRow = new([], 1);

    /// <summary>What is asked for.</summary>
    public PredictionKind Kind { get; } = kind;

    /// <summary>The model and the values that it is given.</summary>
    public PredictionInputs Inputs { get; } = inputs;

    /// <summary>The label or the level that is asked for, or null.</summary>
    public Expression? Argument { get; } = argument;

    /// <summary>The number of the target of several that is asked for; -1 for all.</summary>
    public int Target { get; init; } = kind is PredictionKind.All or PredictionKind.Embedding
        ? -1 : 0;

    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; } =
        argument is null ? inputs.Values : [.. inputs.Values, argument];

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new PredictionExpression(
            Kind,
            Type,
            Inputs with { Values = [.. children.Take(Inputs.Values.Count)] },
            Argument is null ? null : children[^1])
        {
            Target = Target,
        };

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context)
    {
        if (batch.Count == 0)
        {
            return ColumnBuilder.Create(Type, 1).Build();
        }

        if (IsRowIndependent && batch.Count > 1)
        {
            return ColumnLoops.Repeat(Evaluate(SingleRow, context), batch.Count);
        }

        ModelPredictor predictor = context.State.Get<PredictorPool>(Inputs).Take(Inputs, context);
        predictor.Run(Inputs.Evaluate(batch, context), context);
        ColumnBuffer result = PredictionValues.Build(
            predictor, this, Argument?.Evaluate(batch, context));
        context.State.Get<PredictorPool>(Inputs).Give(predictor);
        return result;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Kind == PredictionKind.Embedding)
        {
            return $"embed({Inputs.Model}, {Inputs})";
        }

        string name = Kind switch
        {
            PredictionKind.Probability or PredictionKind.Probabilities => "predict_proba",
            PredictionKind.Interval => "predict_interval",
            PredictionKind.BestProbability => "probability",
            PredictionKind.Distance => "distance",
            _ => "predict",
        };
        IReadOnlyList<ModelColumn> targets = Inputs.Model.Info.Targets;
        string target = targets.Count > 1 && Target >= 0
            ? $", {SqlText.Literal(targets[Target].Name)}" : "";
        string argument = Argument is null ? "" : $", {Argument}";
        return $"{name}({Inputs.Model}{target}{argument} USING {Inputs})";
    }
}
