namespace NeuroDb.Query;

/// <summary>IS NULL or IS NOT NULL; never NULL itself.</summary>
internal sealed class IsNullExpression(Expression operand, bool negated)
    : RowExpression(DataType.Boolean, operand)
{
    /// <summary>Whether this is IS NOT NULL.</summary>
    public bool IsNegated { get; } = negated;

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new IsNullExpression(children[0], IsNegated);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({Children[0]} IS {(IsNegated ? "NOT " : string.Empty)}NULL)";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer operand = Children[0].Evaluate(batch, context);
        var result = new long[batch.Count];
        ReadOnlySpan<byte> nulls = operand.Nulls.Bytes(batch.Count);
        if (nulls.IsEmpty)
        {
            result.AsSpan().Fill(IsNegated ? 1 : 0);
            return new ColumnBuffer<long>(Type, result);
        }

        int flip = IsNegated ? 1 : 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = nulls[i] ^ flip;
        }

        return new ColumnBuffer<long>(Type, result);
    }
}
