namespace NeuroDb.Query;

/// <summary>
/// An interval as it was written. It is added to dates and timestamps, multiplied by whole
/// numbers, and is a text anywhere else; no column holds intervals.
/// </summary>
internal sealed class IntervalExpression(TimeInterval interval) : Expression(DataType.Text)
{
    /// <summary>The interval.</summary>
    public TimeInterval Interval { get; } = interval;

    /// <summary>+ - and * where an operand is an interval; null where none is.</summary>
    public static Expression? TryCombine(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        if (left is not IntervalExpression && right is not IntervalExpression)
        {
            return null;
        }

        bool isSum = operation is BinaryOperator.Add or BinaryOperator.Subtract;
        long sign = operation == BinaryOperator.Subtract ? -1 : 1;
        switch (left, right)
        {
            case (IntervalExpression a, IntervalExpression b) when isSum:
                return new IntervalExpression(a.Interval + (b.Interval * sign));
            case (IntervalExpression a, ConstantExpression { Value.IsNull: false } factor)
                when operation == BinaryOperator.Multiply && factor.Type.IsInteger:
                return new IntervalExpression(a.Interval * factor.Value.AsInt64());
            case (ConstantExpression { Value.IsNull: false } factor, IntervalExpression b)
                when operation == BinaryOperator.Multiply && factor.Type.IsInteger:
                return new IntervalExpression(b.Interval * factor.Value.AsInt64());
            case (_, IntervalExpression b) when isSum:
                return Add(left, b.Interval * sign, position);
            case (IntervalExpression a, _) when operation == BinaryOperator.Add:
                return Add(right, a.Interval, position);
            default:
                throw new NeuroStoreException(
                    ErrorCode.TypeMismatch,
                    $"{OperatorText.Of(operation)} does not take an INTERVAL here; add it to a "
                    + "DATE or TIMESTAMP, or multiply it by a whole number.",
                    position);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        ColumnBuffer.Constant(Type, Value.Of(Interval.ToString()), batch.Count);

    /// <inheritdoc/>
    public override string ToString() => $"INTERVAL '{Interval}'";

    /// <inheritdoc/>
    protected override bool FindRowIndependence() => true;

    private static FunctionExpression Add(
        Expression time, TimeInterval interval, SourcePosition position)
    {
        Expression timestamp = time.Type.Kind is TypeKind.Date or TypeKind.Timestamp
            || Coercion.IsFlexible(time)
            ? Coercion.To(time, DataType.Timestamp, position)
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"An INTERVAL is added to a DATE or TIMESTAMP; {time} is {time.Type}.",
                position);
        return new FunctionExpression(
            $"+ INTERVAL '{interval}'",
            DataType.Timestamp,
            [timestamp],
            RowLoops.Of<long, long>(interval.AddTo),
            FunctionVolatility.Immutable,
            position);
    }
}
