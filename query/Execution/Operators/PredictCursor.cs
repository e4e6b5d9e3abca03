namespace NeuroDb.Query;

/// <summary>The state of a <see cref="Predict"/>.</summary>
internal sealed class PredictCursor(
    BatchCursor input, PredictionExpression[] predictions, ExecutionContext context) : BatchCursor
{
    private readonly PredictionInputs _inputs = predictions[0].Inputs;
    private ModelPredictor? _predictor;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        RowBatch? batch = input.Next();
        if (batch is null)
        {
            return null;
        }

        _predictor ??= _inputs.Open(context);
        _predictor.Run(_inputs.Evaluate(batch, context), context);
        var columns = new ColumnBuffer[batch.Columns.Length + predictions.Length];
        batch.Columns.CopyTo(columns, 0);
        for (int i = 0; i < predictions.Length; i++)
        {
            columns[batch.Columns.Length + i] = PredictionValues.Build(
                _predictor, predictions[i], predictions[i].Argument?.Evaluate(batch, context));
        }

        return new RowBatch(columns, batch.Count);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        input.Dispose();
        base.Dispose();
    }
}
