namespace NeuroDb.Query;

/// <summary>
/// &amp; | &lt;&lt; &gt;&gt; of 64-bit integers. As in SQLite, a negative shift shifts the other
/// way and a shift by 64 or more leaves 0, or the sign for a shift to the right.
/// </summary>
internal sealed class BitwiseExpression(
    BinaryOperator operation, Expression left, Expression right)
    : RowExpression(DataType.BigInt, left, right)
{
    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new BitwiseExpression(operation, children[0], children[1]);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({Children[0]} {OperatorText.Of(operation)} {Children[1]})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer left = Operand(Children[0], batch, context);
        ColumnBuffer right = Operand(Children[1], batch, context);
        byte[]? nulls = ColumnLoops.UnionNulls(batch.Count, left, right);
        var a = new Operand<long>(left, batch.Count);
        var b = new Operand<long>(right, batch.Count);
        var result = new long[batch.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = operation switch
            {
                BinaryOperator.BitwiseAnd => a[i] & b[i],
                BinaryOperator.BitwiseOr => a[i] | b[i],
                BinaryOperator.ShiftLeft => Shift(a[i], b[i]),
                _ => Shift(a[i], b[i] == long.MinValue ? long.MaxValue : -b[i]),
            };
        }

        return new ColumnBuffer<long>(Type, result, 0, result.Length, new NullMask(nulls));
    }

    private static long Shift(long value, long bits) => bits switch
    {
        >= 64 => 0,
        >= 0 => value << (int)bits,
        > -64 => value >> (int)-bits,
        _ => value >> 63,
    };
}
