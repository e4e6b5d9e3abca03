namespace NeuroDb.Query;

/// <summary>
/// = &lt;&gt; &lt; &lt;= &gt; &gt;= of two values of the same physical kind, NULL if either is
/// NULL; and IS [NOT] DISTINCT FROM, which takes NULL for a value.
/// </summary>
internal sealed class ComparisonExpression(
    BinaryOperator operation, Expression left, Expression right)
    : RowExpression(DataType.Boolean, left, right)
{
    /// <summary>The operator.</summary>
    public BinaryOperator Operator { get; } = operation;

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new ComparisonExpression(Operator, children[0], children[1]);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({Children[0]} {OperatorText.Of(Operator)} {Children[1]})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer left = Operand(Children[0], batch, context);
        ColumnBuffer right = Operand(Children[1], batch, context);
        var result = new long[batch.Count];
        switch (Operator)
        {
            case BinaryOperator.IsDistinctFrom:
                ComparisonLoops.Compare(BinaryOperator.NotEqual, left, right, result);
                SettleNulls(left, right, result, distinct: 1);
                return new ColumnBuffer<long>(Type, result);
            case BinaryOperator.IsNotDistinctFrom:
                ComparisonLoops.Compare(BinaryOperator.Equal, left, right, result);
                SettleNulls(left, right, result, distinct: 0);
                return new ColumnBuffer<long>(Type, result);
            default:
                ComparisonLoops.Compare(Operator, left, right, result);
                byte[]? nulls = ColumnLoops.UnionNulls(batch.Count, left, right);
                return new ColumnBuffer<long>(Type, result, 0, result.Length, new(nulls));
        }
    }

    private static void SettleNulls(
        ColumnBuffer left, ColumnBuffer right, long[] result, long distinct)
    {
        if (!left.Nulls.MayHaveNulls && !right.Nulls.MayHaveNulls)
        {
            return;
        }

        int leftMask = left.Count == 1 ? 0 : -1;
        int rightMask = right.Count == 1 ? 0 : -1;
        for (int i = 0; i < result.Length; i++)
        {
            bool leftIsNull = left.IsNull(i & leftMask);
            bool rightIsNull = right.IsNull(i & rightMask);
            if (leftIsNull || rightIsNull)
            {
                result[i] = leftIsNull != rightIsNull ? distinct : 1 - distinct;
            }
        }
    }
}
