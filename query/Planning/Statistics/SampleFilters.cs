namespace NeuroDb.Query;

/// <summary>
/// Which rows of a sample satisfy conditions, kept for the comparisons of columns with constants
/// that were asked for lately: plans look at the same condition many times, and statements repeat
/// theirs. Lives and dies with the sample, whose values never change; shared by all sessions.
/// </summary>
internal sealed class SampleFilters
{
    private const int KeptCountMax = 128;

    private readonly Dictionary<(int Ordinal, BinaryOperator Operator, long Constant), ulong[]>
        _kept = [];

    /// <summary>
    /// The rows that satisfy all of some conditions; null where one is none of those
    /// comparisons.
    /// </summary>
    /// <param name="parts">The conditions.</param>
    /// <param name="count">The rows of the sample.</param>
    /// <param name="ordinalOf">Which column of the table an identifier is.</param>
    /// <param name="read">The values of a column in the sample.</param>
    public int[]? TryFilter(
        List<Expression> parts, int count, Func<int, int> ordinalOf, Func<int, ColumnBuffer> read)
    {
        Span<ulong> all = stackalloc ulong[
            SampleBits.WordsOf(TableStatistics.SampleRowCountMax)];
        if (count > TableStatistics.SampleRowCountMax)
        {
            return null;
        }

        all = all[..SampleBits.WordsOf(count)];
        for (int i = 0; i < parts.Count; i++)
        {
            if (TryFind(parts[i], ordinalOf, read) is not { } bits)
            {
                return null;
            }

            Invariant.Check(bits.Length == all.Length, "a sample has one number of rows");
            if (i == 0)
            {
                bits.CopyTo(all);
                continue;
            }

            for (int word = 0; word < all.Length; word++)
            {
                all[word] &= bits[word];
            }
        }

        return SampleBits.RowsOf(all);
    }

    /// <summary>
    /// Whether a comparison is one of the six, of a column with a constant; then as if the column
    /// stood on the left.
    /// </summary>
    public static bool TrySides(
        ComparisonExpression comparison,
        out ColumnExpression column,
        out ConstantExpression constant,
        out BinaryOperator operation)
    {
        (column, constant, operation) = comparison.Children switch
        {
            [ColumnExpression left, ConstantExpression right] =>
                (left, right, comparison.Operator),
            [ConstantExpression left, ColumnExpression right] =>
                (right, left, Mirror(comparison.Operator)),
            _ => (null!, null!, comparison.Operator),
        };
        return column is not null && operation is not (
            BinaryOperator.IsDistinctFrom or BinaryOperator.IsNotDistinctFrom);
    }

    private ulong[]? TryFind(
        Expression part, Func<int, int> ordinalOf, Func<int, ColumnBuffer> read)
    {
        if (part is not ComparisonExpression comparison || !TrySides(
            comparison, out ColumnExpression column, out ConstantExpression constant,
            out BinaryOperator operation))
        {
            return null;
        }

        if (constant.Value.IsNull
            || column.Type.Physical is not (PhysicalKind.Int64 or PhysicalKind.Double)
            || column.Type.Physical != constant.Type.Physical)
        {
            return null;
        }

        (int Ordinal, BinaryOperator, long) key = (
            ordinalOf(column.Id),
            operation,
            constant.Type.Physical == PhysicalKind.Int64
                ? constant.Value.AsInt64()
                : BitConverter.DoubleToInt64Bits(constant.Value.AsDouble()));
        lock (_kept)
        {
            if (_kept.TryGetValue(key, out ulong[]? known))
            {
                return known;
            }
        }

        ulong[]? bits = SampleBits.Compare(
            read(key.Ordinal), operation, ColumnBuffer.Constant(constant.Type, constant.Value, 1));
        if (bits is not null)
        {
            lock (_kept)
            {
                if (_kept.Count >= KeptCountMax)
                {
                    _kept.Clear();
                }

                _kept[key] = bits;
            }
        }

        return bits;
    }

    private static BinaryOperator Mirror(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => operation,
    };
}
