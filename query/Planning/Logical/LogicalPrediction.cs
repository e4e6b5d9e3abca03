namespace NeuroDb.Query;

/// <summary>Adds to each row what one model says of one set of inputs.</summary>
internal sealed class LogicalPrediction : LogicalNode
{
    /// <summary>Makes the node; all columns have the same inputs.</summary>
    public LogicalPrediction(LogicalNode input, IReadOnlyList<PredictedColumn> columns)
    {
        Invariant.Check(columns.Count > 0);
        Input = input;
        Columns = columns;
        Output = [.. input.Output, .. columns.Select(column => column.Column)];
    }

    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; }

    /// <summary>What is computed; the last columns of the output.</summary>
    public IReadOnlyList<PredictedColumn> Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalPrediction(
            Input,
            [.. Columns.Select(column => column with
            {
                Prediction = (PredictionExpression)column.Prediction.WithChildren(
                    [.. column.Prediction.Children.Select(map)]),
            })]);

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalPrediction(children[0], Columns);
}
