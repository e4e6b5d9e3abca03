namespace NeuroDb.Query;

/// <summary>
/// The base of expressions that compute each row from the same row of their operands. Operands
/// that are equal for all rows are computed for one row, and their buffers then hold one value;
/// the loops read it again and again instead of a repeated copy.
/// </summary>
internal abstract class RowExpression(DataType type, params IReadOnlyList<Expression> children)
    : Expression(type)
{
    private static readonly RowBatch SingleRow = new([], 1);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Expression> Children { get; } = children;

    /// <inheritdoc/>
    public sealed override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context)
    {
        if (batch.Count == 0)
        {
            return ColumnBuilder.Create(Type, 1).Build();
        }

        if (IsRowIndependent && batch.Count > 1)
        {
            return ColumnLoops.Repeat(EvaluateRows(SingleRow, context), batch.Count);
        }

        ColumnBuffer result = EvaluateRows(batch, context);
        Invariant.Check(result.Count == batch.Count);
        return result;
    }

    /// <summary>Evaluates a batch that has rows.</summary>
    protected abstract ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context);

    /// <summary>
    /// The values of an operand: as many as the batch has, or one that stands for all rows.
    /// </summary>
    protected static ColumnBuffer Operand(
        Expression operand, RowBatch batch, ExecutionContext context) =>
        operand.Evaluate(
            operand.IsRowIndependent && batch.Count > 1 ? SingleRow : batch, context);
}
