namespace NeuroDb.Query;

/// <summary>NOT of a condition; NULL stays NULL.</summary>
internal sealed class NotExpression(Expression operand)
    : RowExpression(DataType.Boolean, operand)
{
    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new NotExpression(children[0]);

    /// <inheritdoc/>
    public override string ToString() => $"(NOT {Children[0]})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        var operand = (ColumnBuffer<long>)Children[0].Evaluate(batch, context);
        ReadOnlySpan<long> values = operand.Values;
        var result = new long[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[i] ^ 1;
        }

        return new ColumnBuffer<long>(Type, result, 0, result.Length, operand.Nulls);
    }
}
