using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Finds the rows of a batch for which a condition is true. Conjunctions are taken one by one,
/// each for the rows that are left: first numbers against constants, then numbers against numbers,
/// which are compared in place, without a column of truth values, and cannot raise an error; then
/// the others in their order.
/// </summary>
internal static class PredicateFilter
{
    private const int StageCount = 3;

    private static readonly RowBatch SingleRow = new([], 1);

    /// <summary>
    /// Writes the rows where the condition is true, ascending; gives their number.
    /// </summary>
    /// <param name="predicate">A condition of type BOOLEAN.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="context">The execution.</param>
    /// <param name="selected">Room for as many rows as the batch has.</param>
    public static int Filter(
        Expression predicate, RowBatch batch, ExecutionContext context, Span<int> selected)
    {
        Invariant.Check(predicate.Type.Kind == TypeKind.Boolean);
        Invariant.Check(selected.Length >= batch.Count);
        int count = batch.Count;
        for (int i = 0; i < count; i++)
        {
            selected[i] = i;
        }

        if (predicate is LogicalExpression { IsAnd: true })
        {
            for (int stage = 0; stage < StageCount; stage++)
            {
                foreach (Expression conjunct in predicate.Children)
                {
                    if (count > 0 && StageOf(conjunct) == stage)
                    {
                        count = Refine(conjunct, batch, context, selected[..count]);
                    }
                }
            }

            return count;
        }

        return count == 0 ? 0 : Refine(predicate, batch, context, selected[..count]);
    }

    private static int StageOf(Expression conjunct)
    {
        if (conjunct is not ComparisonExpression
            || conjunct.Children[0].Type.Physical
                is not (PhysicalKind.Int64 or PhysicalKind.Double or PhysicalKind.Decimal))
        {
            return StageCount - 1;
        }

        int columns = 0;
        foreach (Expression side in conjunct.Children)
        {
            if (side is not (OrdinalExpression or ConstantExpression or ParameterExpression))
            {
                return StageCount - 1;
            }

            columns += side is OrdinalExpression ? 1 : 0;
        }

        return columns < 2 ? 0 : 1;
    }

    /// <summary>Keeps those of the selected rows for which a condition is true.</summary>
    private static int Refine(
        Expression predicate, RowBatch batch, ExecutionContext context, Span<int> selected)
    {
        if (predicate is ComparisonExpression comparison
            && TryCompare(comparison, batch, context, selected, out int kept))
        {
            return kept;
        }

        bool isAll = selected.Length == batch.Count;
        ColumnBuffer truth = predicate.IsRowIndependent
            ? predicate.Evaluate(SingleRow, context)
            : predicate.Evaluate(
                isAll ? batch : BatchRows.Gather(batch, selected, predicate), context);
        var values = new Operand<long>(truth, selected.Length);
        int mask = values.IsScalar ? 0 : -1;
        int count = 0;
        for (int i = 0; i < selected.Length; i++)
        {
            int row = selected[i];
            selected[count] = row;
            count += values[i] != 0 && !truth.IsNull(i & mask) ? 1 : 0;
        }

        return count;
    }

    private static bool TryCompare(
        ComparisonExpression comparison,
        RowBatch batch,
        ExecutionContext context,
        Span<int> selected,
        out int kept)
    {
        kept = 0;
        BinaryOperator operation = comparison.Operator;
        (Expression left, Expression right) = (comparison.Children[0], comparison.Children[1]);
        if (right is OrdinalExpression && left.IsRowIndependent)
        {
            (left, right) = (right, left);
            operation = Mirror(operation);
        }

        if (left is not OrdinalExpression column
            || operation is BinaryOperator.IsDistinctFrom or BinaryOperator.IsNotDistinctFrom)
        {
            return false;
        }

        ColumnBuffer values = batch.Columns[column.Ordinal];
        if (right is OrdinalExpression other)
        {
            return TryCompareColumns(
                operation, values, batch.Columns[other.Ordinal], selected, out kept);
        }

        bool isEquality = operation is BinaryOperator.Equal or BinaryOperator.NotEqual;
        bool isComparable = values
            is ColumnBuffer<long> or ColumnBuffer<double> or ColumnBuffer<decimal>
            || (values is ColumnBuffer<string> && isEquality);
        if (!right.IsRowIndependent || !isComparable)
        {
            return false;
        }

        ColumnBuffer bound = right.Evaluate(SingleRow, context);
        if (bound.IsNull(0))
        {
            return true;
        }

        Span<int> proper = selected[..DropNulls(values.Nulls.Bytes(values.Count), selected)];
        switch (values)
        {
            case ColumnBuffer<long> longs:
                kept = Keep(
                    operation, longs.Values, ((ColumnBuffer<long>)bound).Values[0], proper);
                return true;
            case ColumnBuffer<double> doubles:
                kept = Keep(
                    operation, doubles.Values, ((ColumnBuffer<double>)bound).Values[0], proper);
                return true;
            case ColumnBuffer<decimal> decimals:
                kept = DecimalFilter.Keep(
                    operation, decimals.Values, ((ColumnBuffer<decimal>)bound).Values[0], proper);
                return true;
            default:
                kept = KeepTexts(
                    operation == BinaryOperator.Equal,
                    ((ColumnBuffer<string>)values).Values,
                    ((ColumnBuffer<string>)bound).Values[0],
                    proper);
                return true;
        }
    }

    private static bool TryCompareColumns(
        BinaryOperator operation,
        ColumnBuffer left,
        ColumnBuffer right,
        Span<int> selected,
        out int kept)
    {
        kept = 0;
        if ((left, right) is not (
            (ColumnBuffer<long>, ColumnBuffer<long>)
            or (ColumnBuffer<double>, ColumnBuffer<double>)))
        {
            return false;
        }

        Span<int> proper = selected[..DropNulls(left.Nulls.Bytes(left.Count), selected)];
        proper = proper[..DropNulls(right.Nulls.Bytes(right.Count), proper)];
        kept = left is ColumnBuffer<long> longs
            ? KeepPairs(operation, longs.Values, ((ColumnBuffer<long>)right).Values, proper)
            : KeepPairs(
                operation,
                ((ColumnBuffer<double>)left).Values,
                ((ColumnBuffer<double>)right).Values,
                proper);
        return true;
    }

    private static int KeepTexts(
        bool isEqual, ReadOnlySpan<string> values, string bound, Span<int> selected)
    {
        int count = 0;
        foreach (int row in selected)
        {
            selected[count] = row;
            count += string.Equals(values[row], bound, StringComparison.Ordinal) == isEqual
                ? 1
                : 0;
        }

        return count;
    }

    private static BinaryOperator Mirror(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => operation,
    };

    private static int DropNulls(ReadOnlySpan<byte> nulls, Span<int> selected)
    {
        if (nulls.IsEmpty)
        {
            return selected.Length;
        }

        int count = 0;
        foreach (int row in selected)
        {
            selected[count] = row;
            count += 1 - nulls[row];
        }

        return count;
    }

    private static int KeepPairs<T>(
        BinaryOperator operation,
        ReadOnlySpan<T> left,
        ReadOnlySpan<T> right,
        Span<int> selected)
        where T : unmanaged, INumber<T> => operation switch
        {
            BinaryOperator.Equal => KeepPairs<T, EqualTest>(left, right, selected),
            BinaryOperator.NotEqual => KeepPairs<T, NotEqualTest>(left, right, selected),
            BinaryOperator.Less => KeepPairs<T, LessTest>(left, right, selected),
            BinaryOperator.LessOrEqual => KeepPairs<T, LessOrEqualTest>(left, right, selected),
            BinaryOperator.Greater => KeepPairs<T, GreaterTest>(left, right, selected),
            _ => KeepPairs<T, GreaterOrEqualTest>(left, right, selected),
        };

    private static int KeepPairs<T, TTest>(
        ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<int> selected)
        where T : unmanaged, INumber<T>
        where TTest : struct, ITest
    {
        int count = 0;
        foreach (int row in selected)
        {
            selected[count] = row;
            count += TTest.Holds(left[row], right[row]) ? 1 : 0;
        }

        return count;
    }

    private static int Keep<T>(
        BinaryOperator operation, ReadOnlySpan<T> values, T bound, Span<int> selected)
        where T : unmanaged, INumber<T> => operation switch
        {
            BinaryOperator.Equal => Keep<T, EqualTest>(values, bound, selected),
            BinaryOperator.NotEqual => Keep<T, NotEqualTest>(values, bound, selected),
            BinaryOperator.Less => Keep<T, LessTest>(values, bound, selected),
            BinaryOperator.LessOrEqual => Keep<T, LessOrEqualTest>(values, bound, selected),
            BinaryOperator.Greater => Keep<T, GreaterTest>(values, bound, selected),
            _ => Keep<T, GreaterOrEqualTest>(values, bound, selected),
        };

    private static int Keep<T, TTest>(ReadOnlySpan<T> values, T bound, Span<int> selected)
        where T : unmanaged, INumber<T>
        where TTest : struct, ITest
    {
        int count = 0;
        foreach (int row in selected)
        {
            selected[count] = row;
            count += TTest.Holds(values[row], bound) ? 1 : 0;
        }

        return count;
    }

    private interface ITest
    {
        static abstract bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T>;
    }

    private readonly struct EqualTest : ITest
    {
        public static bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T> => NumberOrder.AreEqual(value, bound);
    }

    private readonly struct NotEqualTest : ITest
    {
        public static bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T> => !NumberOrder.AreEqual(value, bound);
    }

    private readonly struct LessTest : ITest
    {
        public static bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T> => NumberOrder.IsLess(value, bound);
    }

    private readonly struct LessOrEqualTest : ITest
    {
        public static bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T> => NumberOrder.IsLessOrEqual(value, bound);
    }

    private readonly struct GreaterTest : ITest
    {
        public static bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T> => NumberOrder.IsLess(bound, value);
    }

    private readonly struct GreaterOrEqualTest : ITest
    {
        public static bool Holds<T>(T value, T bound)
            where T : unmanaged, INumber<T> => NumberOrder.IsLessOrEqual(bound, value);
    }
}
