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
        out ScaledValues values,
        ScaledMemo? memo = null)
    {
        if (memo is null)
        {
            return TryMake(expression, batch, context, null, out values);
        }

        if (!memo.TryFind(expression, out bool isScaled, out values))
        {
            isScaled = TryMake(expression, batch, context, memo, out values);
            memo.Add(expression, isScaled, values);
        }

        return isScaled;
    }

    private static bool TryMake(
        Expression expression,
        RowBatch batch,
        ExecutionContext context,
        ScaledMemo? memo,
        out ScaledValues values)
    {
        values = default;
        switch (expression)
        {
            case OrdinalExpression or ConstantExpression:
                RowBatch rows = expression is ConstantExpression ? SingleRow : batch;
                return TryOf(expression.Evaluate(rows, context), memo, out values);
            case ArithmeticExpression arithmetic:
                return arithmetic.Operator is BinaryOperator.Add or BinaryOperator.Subtract
                        or BinaryOperator.Multiply
                    && TryEvaluate(arithmetic.Children[0], batch, context, out var left, memo)
                    && TryEvaluate(arithmetic.Children[1], batch, context, out var right, memo)
                    && TryCompute(
                        arithmetic.Operator, left, right, batch.Count, memo, out values);
            case CastExpression { Type: { Kind: TypeKind.Decimal, Length: 0 } } cast
                when cast.Children[0].Type.IsInteger:
                return TryEvaluate(cast.Children[0], batch, context, out values, memo);
            default:
                return false;
        }
    }

    private static long[] Room(ScaledMemo? memo, int count) => memo?.Room(count) ?? new long[count];

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
    private static bool TryOf(ColumnBuffer column, ScaledMemo? memo, out ScaledValues values)
    {
        values = default;
        if (column is ColumnBuffer<long> whole)
        {
            return TryOf(whole, memo, out values);
        }

        if (column is not ColumnBuffer<decimal> numbers || column.Count == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> nulls = column.Nulls.Bytes(column.Count);
        if (nulls.IsEmpty && numbers.TryGetSelected(out var elements, out var rows))
        {
            return TryOfSelected(column, elements, rows, memo, out values);
        }

        ReadOnlySpan<DecimalBits> bits = DecimalBits.Of(numbers.Values);
        int first = nulls.IsEmpty ? 0 : nulls.IndexOf((byte)0);
        if (first < 0)
        {
            return false;
        }

        int scale = bits[first].Scale;
        long[] digits = Room(memo, bits.Length);
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
                digits[i] = 0;
                if (nulls[i] == 0)
                {
                    digits[i] = bits[i].Signed;
                    all |= bits[i].Low;
                    high |= bits[i].High;
                    scales |= bits[i].Scale ^ scale;
                }
            }
        }

        return TryTake(digits, bits.Length, scale, scales | (int)high, all, column, out values);
    }

    // The digits are taken if nothing stands above them and no scale differs.
    private static bool TryTake(
        long[] digits,
        int count,
        int scale,
        int others,
        ulong all,
        ColumnBuffer column,
        out ScaledValues values)
    {
        bool isScaled = others == 0 && all >> 62 == 0;
        values = isScaled
            ? new ScaledValues(digits, count, scale, BoundOf(all), column.Nulls)
            : default;
        return isScaled;
    }

    private static bool TryOfSelected(
        ColumnBuffer column,
        ReadOnlySpan<decimal> elements,
        ReadOnlySpan<int> rows,
        ScaledMemo? memo,
        out ScaledValues values)
    {
        ReadOnlySpan<DecimalBits> bits = DecimalBits.Of(elements);
        int scale = bits[rows[0]].Scale;
        long[] digits = Room(memo, rows.Length);
        ulong all = 0;
        uint high = 0;
        int scales = 0;
        int ahead = DecimalBits.Ahead(rows.Length, bits.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            if (i + ahead < rows.Length)
            {
                DecimalBits.Prefetch(in bits[rows[i + ahead]]);
            }

            ref readonly DecimalBits number = ref bits[rows[i]];
            digits[i] = number.Signed;
            all |= number.Low;
            high |= number.High;
            scales |= number.Scale ^ scale;
        }

        return TryTake(digits, rows.Length, scale, scales | (int)high, all, column, out values);
    }

    /// <summary>The values as a column of decimals.</summary>
    public static ColumnBuffer<decimal> ToColumn(
        DataType type, in ScaledValues values, int count)
    {
        var numbers = new decimal[count];
        if (values.Count == 1 && count > 1)
        {
            DecimalBits.Write(values.Span, values.Scale, numbers.AsSpan(0, 1));
            numbers.AsSpan(1).Fill(numbers[0]);
        }
        else
        {
            DecimalBits.Write(values.Span[..count], values.Scale, numbers);
        }

        return new ColumnBuffer<decimal>(type, numbers, 0, count, values.Nulls);
    }

    private static bool TryOf(
        ColumnBuffer<long> whole, ScaledMemo? memo, out ScaledValues values)
    {
        ReadOnlySpan<long> source = whole.Values;
        ReadOnlySpan<byte> nulls = whole.Nulls.Bytes(source.Length);
        long[] digits = Room(memo, source.Length);
        source.CopyTo(digits);
        ulong all = 0;
        for (int i = 0; i < source.Length; i++)
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

        values = new ScaledValues(digits, source.Length, 0, BoundOf(all), whole.Nulls);
        return true;
    }

    private static bool TryCompute(
        BinaryOperator operation,
        ScaledValues left,
        ScaledValues right,
        int count,
        ScaledMemo? memo,
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
            if (!TryRescale(ref left, scale, memo) || !TryRescale(ref right, scale, memo)
                || (left.Bound + right.Bound) >> 62 != 0)
            {
                return false;
            }

            bound = left.Bound + right.Bound;
        }

        byte[]? nulls = UnionNulls(left, right, count);
        long[] digits = Room(memo, count);
        Compute(
            operation,
            left.ToOperand(count),
            right.ToOperand(count),
            digits.AsSpan(0, count));
        values = new ScaledValues(digits, count, scale, bound, new NullMask(nulls));
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
                DataType.BigInt, left.Digits, 0, left.Count, left.Nulls),
            new ColumnBuffer<long>(
                DataType.BigInt, right.Digits, 0, right.Count, right.Nulls));
    }

    private static bool TryRescale(ref ScaledValues values, int scale, ScaledMemo? memo)
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
        long[] digits = Room(memo, values.Count);
        for (int i = 0; i < values.Count; i++)
        {
            digits[i] = values.Digits[i] * power;
        }

        values = new ScaledValues(
            digits, values.Count, scale, values.Bound * power, values.Nulls);
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
