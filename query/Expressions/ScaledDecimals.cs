using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Evaluates + - * of decimals as 64-bit integers. It is taken where each column of the batch has
/// one scale and no result can leave 63 bits, which is known from the largest digits before
/// anything is computed; then it gives the digits and the scale that <see cref="decimal"/> gives.
/// </summary>
internal static class ScaledDecimals
{
    private const int ScaleMax = 28;

    private static readonly RowBatch SingleRow = new([], 1);
    private static readonly long[] Powers = MakePowers();

    /// <summary>The values of an expression; false where they are not of this form.</summary>
    public static bool TryEvaluate(
        Expression expression,
        RowBatch batch,
        ExecutionContext context,
        out ScaledValues values)
    {
        values = default;
        switch (expression)
        {
            case OrdinalExpression or ConstantExpression:
                RowBatch rows = expression is ConstantExpression ? SingleRow : batch;
                return TryOf(expression.Evaluate(rows, context), out values);
            case ArithmeticExpression arithmetic:
                return arithmetic.Operator is BinaryOperator.Add or BinaryOperator.Subtract
                        or BinaryOperator.Multiply
                    && TryEvaluate(arithmetic.Children[0], batch, context, out var left)
                    && TryEvaluate(arithmetic.Children[1], batch, context, out var right)
                    && TryCompute(arithmetic.Operator, left, right, batch.Count, out values);
            case CastExpression { Type: { Kind: TypeKind.Decimal, Length: 0 } } cast
                when cast.Children[0].Type.IsInteger:
                return TryEvaluate(cast.Children[0], batch, context, out values);
            default:
                return false;
        }
    }

    /// <summary>Whether an expression can have this form at all.</summary>
    public static bool IsArithmetic(Expression expression) => expression switch
    {
        OrdinalExpression or ConstantExpression => expression.Type.Kind == TypeKind.Decimal
            || expression.Type.IsInteger,
        ArithmeticExpression
        {
            Operator: BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply,
            Type.Kind: TypeKind.Decimal,
        } => expression.Children.All(IsArithmetic),
        CastExpression { Type: { Kind: TypeKind.Decimal, Length: 0 } } =>
            expression.Children[0].Type.IsInteger && IsArithmetic(expression.Children[0]),
        _ => false,
    };

    /// <summary>A column of decimals or integers in this form.</summary>
    public static bool TryOf(ColumnBuffer column, out ScaledValues values)
    {
        values = default;
        if (column is ColumnBuffer<long> whole)
        {
            return TryOf(whole, out values);
        }

        if (column is not ColumnBuffer<decimal> numbers || column.Count == 0)
        {
            return false;
        }

        ReadOnlySpan<DecimalBits> bits = DecimalBits.Of(numbers.Values);
        ReadOnlySpan<byte> nulls = column.Nulls.Bytes(bits.Length);
        int first = nulls.IsEmpty ? 0 : nulls.IndexOf((byte)0);
        if (first < 0)
        {
            return false;
        }

        int scale = bits[first].Scale;
        var digits = new long[bits.Length];
        ulong all = 0;
        uint high = 0;
        int scales = 0;
        if (nulls.IsEmpty)
        {
            for (int i = 0; i < bits.Length; i++)
            {
                ref readonly DecimalBits number = ref bits[i];
                digits[i] = number.Signed;
                all |= number.Low;
                high |= number.High;
                scales |= number.Scale ^ scale;
            }
        }
        else
        {
            for (int i = 0; i < bits.Length; i++)
            {
                if (nulls[i] == 0)
                {
                    digits[i] = bits[i].Signed;
                    all |= bits[i].Low;
                    high |= bits[i].High;
                    scales |= bits[i].Scale ^ scale;
                }
            }
        }

        if ((scales | (int)high) != 0 || all >> 62 != 0)
        {
            return false;
        }

        values = new ScaledValues(digits, scale, BoundOf(all), column.Nulls);
        return true;
    }

    /// <summary>The values as a column of decimals.</summary>
    public static ColumnBuffer<decimal> ToColumn(
        DataType type, in ScaledValues values, int count)
    {
        var numbers = new decimal[count];
        if (values.Digits.Length == 1 && count > 1)
        {
            DecimalBits.Write(values.Digits, values.Scale, numbers.AsSpan(0, 1));
            numbers.AsSpan(1).Fill(numbers[0]);
        }
        else
        {
            DecimalBits.Write(values.Digits.AsSpan(0, count), values.Scale, numbers);
        }

        return new ColumnBuffer<decimal>(type, numbers, 0, count, values.Nulls);
    }

    private static bool TryOf(ColumnBuffer<long> whole, out ScaledValues values)
    {
        ReadOnlySpan<long> source = whole.Values;
        ReadOnlySpan<byte> nulls = whole.Nulls.Bytes(source.Length);
        long[] digits = source.ToArray();
        ulong all = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            if (!nulls.IsEmpty && nulls[i] != 0)
            {
                digits[i] = 0;
            }

            long sign = digits[i] >> 63;
            all |= (ulong)((digits[i] ^ sign) - sign);
        }

        if (all >> 62 != 0)
        {
            values = default;
            return false;
        }

        values = new ScaledValues(digits, 0, BoundOf(all), whole.Nulls);
        return true;
    }

    private static bool TryCompute(
        BinaryOperator operation,
        ScaledValues left,
        ScaledValues right,
        int count,
        out ScaledValues values)
    {
        values = default;
        long bound;
        int scale;
        if (operation == BinaryOperator.Multiply)
        {
            scale = left.Scale + right.Scale;
            Int128 product = (Int128)left.Bound * right.Bound;
            if (scale > ScaleMax || product >> 62 != 0)
            {
                return false;
            }

            bound = (long)product;
        }
        else
        {
            scale = Math.Max(left.Scale, right.Scale);
            if (!TryRescale(ref left, scale) || !TryRescale(ref right, scale)
                || (left.Bound + right.Bound) >> 62 != 0)
            {
                return false;
            }

            bound = left.Bound + right.Bound;
        }

        byte[]? nulls = UnionNulls(left, right, count);
        var digits = new long[count];
        Compute(operation, left.ToOperand(count), right.ToOperand(count), digits);
        values = new ScaledValues(digits, scale, bound, new NullMask(nulls));
        return true;
    }

    private static void Compute(
        BinaryOperator operation, Operand<long> left, Operand<long> right, Span<long> result)
    {
        int width = Vector<long>.Count;
        var leftAll = new Vector<long>(left[0]);
        var rightAll = new Vector<long>(right[0]);
        int i = 0;
        for (; i <= result.Length - width; i += width)
        {
            Vector<long> a = left.IsScalar ? leftAll : new Vector<long>(left.Values[i..]);
            Vector<long> b = right.IsScalar ? rightAll : new Vector<long>(right.Values[i..]);
            Vector<long> c = operation switch
            {
                BinaryOperator.Add => a + b,
                BinaryOperator.Subtract => a - b,
                _ => a * b,
            };
            c.CopyTo(result[i..]);
        }

        for (; i < result.Length; i++)
        {
            result[i] = operation switch
            {
                BinaryOperator.Add => left[i] + right[i],
                BinaryOperator.Subtract => left[i] - right[i],
                _ => left[i] * right[i],
            };
        }
    }

    private static byte[]? UnionNulls(in ScaledValues left, in ScaledValues right, int count)
    {
        if (!left.Nulls.MayHaveNulls && !right.Nulls.MayHaveNulls)
        {
            return null;
        }

        return ColumnLoops.UnionNulls(
            count,
            new ColumnBuffer<long>(
                DataType.BigInt, left.Digits, 0, left.Digits.Length, left.Nulls),
            new ColumnBuffer<long>(
                DataType.BigInt, right.Digits, 0, right.Digits.Length, right.Nulls));
    }

    private static bool TryRescale(ref ScaledValues values, int scale)
    {
        int shift = scale - values.Scale;
        if (shift == 0)
        {
            return true;
        }

        if (shift >= Powers.Length || ((Int128)values.Bound * Powers[shift]) >> 62 != 0)
        {
            return false;
        }

        long power = Powers[shift];
        var digits = new long[values.Digits.Length];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = values.Digits[i] * power;
        }

        values = new ScaledValues(digits, scale, values.Bound * power, values.Nulls);
        return true;
    }

    private static long BoundOf(ulong bits) =>
        bits == 0 ? 0 : (long)((BitOperations.RoundUpToPowerOf2(bits + 1)) - 1);

    private static long[] MakePowers()
    {
        var powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
