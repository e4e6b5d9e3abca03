namespace NeuroDb.Query;

/// <summary>
/// + - * / % of two numbers of the same physical kind. Integers are 64 bits wide and never wrap;
/// division by zero is NULL.
/// </summary>
internal sealed class ArithmeticExpression(
    BinaryOperator operation,
    Expression left,
    Expression right,
    DataType type,
    SourcePosition position) : RowExpression(type, left, right)
{
    /// <summary>The operator.</summary>
    public BinaryOperator Operator { get; } = operation;

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new ArithmeticExpression(Operator, children[0], children[1], Type, position);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({Children[0]} {OperatorText.Of(Operator)} {Children[1]})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        if (Type.Physical == PhysicalKind.Decimal
            && ScaledDecimals.TryEvaluate(this, batch, context, out ScaledValues scaled))
        {
            return ScaledDecimals.ToColumn(Type, scaled, batch.Count);
        }

        ColumnBuffer left = Operand(Children[0], batch, context);
        ColumnBuffer right = Operand(Children[1], batch, context);
        byte[]? nulls = ColumnLoops.UnionNulls(batch.Count, left, right);
        return Type.Physical switch
        {
            PhysicalKind.Int64 => ComputeLong(left, right, batch.Count, nulls),
            PhysicalKind.Double => ComputeDouble(left, right, batch.Count, nulls),
            _ => ComputeDecimal(left, right, batch.Count, nulls),
        };
    }

    private ColumnBuffer<long> ComputeLong(
        ColumnBuffer left, ColumnBuffer right, int count, byte[]? nulls)
    {
        var a = new Operand<long>(left, count);
        var b = new Operand<long>(right, count);
        var result = new long[count];
        bool fits = true;
        switch (Operator)
        {
            case BinaryOperator.Add:
                fits = LongArithmetic.Add(a, b, result, nulls);
                break;
            case BinaryOperator.Subtract:
                fits = LongArithmetic.Subtract(a, b, result, nulls);
                break;
            case BinaryOperator.Multiply:
                fits = LongArithmetic.Multiply(a, b, result, nulls);
                break;
            case BinaryOperator.Divide:
                fits = LongArithmetic.Divide(a, b, result, ref nulls);
                break;
            default:
                LongArithmetic.Modulo(a, b, result, ref nulls);
                break;
        }

        return fits
            ? new ColumnBuffer<long>(Type, result, 0, count, new NullMask(nulls))
            : throw OutOfRange();
    }

    private ColumnBuffer<double> ComputeDouble(
        ColumnBuffer left, ColumnBuffer right, int count, byte[]? nulls)
    {
        var result = new double[count];
        DoubleArithmetic.Compute(
            Operator,
            new Operand<double>(left, count),
            new Operand<double>(right, count),
            result,
            ref nulls);
        if (Type.Kind == TypeKind.Real)
        {
            for (int i = 0; i < count; i++)
            {
                result[i] = (float)result[i];
            }
        }

        return new ColumnBuffer<double>(Type, result, 0, count, new NullMask(nulls));
    }

    private ColumnBuffer<decimal> ComputeDecimal(
        ColumnBuffer left, ColumnBuffer right, int count, byte[]? nulls)
    {
        var a = new Operand<decimal>(left, count);
        var b = new Operand<decimal>(right, count);
        var result = new decimal[count];
        for (int i = 0; i < count; i++)
        {
            if (nulls is not null && nulls[i] != 0)
            {
                continue;
            }

            if (b[i] == 0 && Operator is (BinaryOperator.Divide or BinaryOperator.Modulo))
            {
                nulls ??= new byte[count];
                nulls[i] = 1;
                continue;
            }

            result[i] = Compute(a[i], b[i]);
        }

        return new ColumnBuffer<decimal>(Type, result, 0, count, new NullMask(nulls));
    }

    private decimal Compute(decimal left, decimal right)
    {
        try
        {
            return Operator switch
            {
                BinaryOperator.Add => left + right,
                BinaryOperator.Subtract => left - right,
                BinaryOperator.Multiply => left * right,
                BinaryOperator.Divide => left / right,
                _ => left % right,
            };
        }
        catch (OverflowException)
        {
            throw OutOfRange();
        }
    }

    private NeuroStoreException OutOfRange() => new(
        ErrorCode.NumericOutOfRange,
        $"The result of {this} does not fit {Type}; cast an operand to DOUBLE PRECISION or "
        + "DECIMAL for larger numbers.",
        position);
}
