namespace NeuroDb.Query;

/// <summary>
/// The values that a version of a model is given, one expression for each of its inputs.
/// </summary>
/// <param name="Model">The version.</param>
/// <param name="Values">The values, in the order of its inputs.</param>
/// <param name="Position">The place in the statement.</param>
internal sealed record PredictionInputs(
    BoundModel Model, IReadOnlyList<Expression> Values, SourcePosition Position)
{
    /// <summary>Whether vectors are wanted and no predictions.</summary>
    public bool IsEmbedding { get; init; }

    /// <summary>Whether both give the same model the same values.</summary>
    public bool IsSameAs(PredictionInputs other)
    {
        if (IsEmbedding != other.IsEmbedding || Model.Info.Identity != other.Model.Info.Identity
            || Values.Count != other.Values.Count)
        {
            return false;
        }

        for (int i = 0; i < Values.Count; i++)
        {
            if (!ExpressionEquality.AreEqual(Values[i], other.Values[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A predictor for one thread of an execution.</summary>
    public ModelPredictor Open(ExecutionContext context)
    {
        IReadOnlyList<ModelColumn> inputs = Model.Info.Inputs;
        Invariant.Check(inputs.Count == Values.Count);
        ModelColumn[] given = [.. inputs.Select(
            (input, i) => input with { Type = Values[i].Type })];
        return new ModelPredictor(Model.Load(context), given, Position, IsEmbedding);
    }

    /// <summary>The values for the rows of a batch.</summary>
    public RowBatch Evaluate(RowBatch batch, ExecutionContext context)
    {
        var columns = new ColumnBuffer[Values.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Values[i].Evaluate(batch, context);
        }

        return new RowBatch(columns, batch.Count);
    }

    /// <summary>The values for EXPLAIN.</summary>
    public override string ToString() => string.Join(", ", Values.Select(
        (value, i) => value.ToString() is var text
            && text.Equals(Model.Info.Inputs[i].Name, StringComparison.OrdinalIgnoreCase)
                ? text
                : $"{text} AS {Model.Info.Inputs[i].Name}"));
}
