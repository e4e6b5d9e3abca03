using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Conditions over the rows of a sample, by bits, against values one by one.</summary>
public sealed class SampleFilterTests
{
    private static readonly BinaryOperator[] Operators =
    [
        BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less,
        BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(777)]
    [InlineData(2048)]
    public void Bits_are_the_rows_that_pass_each_of_two_conditions(int count)
    {
        var random = new Random(count);
        long?[] numbers = Draw<long?>(count, () => random.Next(9) == 0 ? null : random.Next(-3, 4));
        double?[] parts = Draw<double?>(count, () => random.Next(9) switch
        {
            0 => null,
            1 => double.NaN,
            2 => double.NegativeInfinity,
            _ => random.Next(-2, 3) / 2.0,
        });
        ColumnBuffer[] columns =
        [
            Column(DataType.BigInt, numbers, static number => Value.Of(number)),
            Column(DataType.Double, parts, static number => Value.Of(number)),
        ];
        var filters = new SampleFilters();
        foreach (BinaryOperator first in Operators)
        {
            foreach (BinaryOperator second in Operators)
            {
                // Twice: the second time they are kept.
                for (int time = 0; time < 2; time++)
                {
                    List<Expression> conditions =
                    [
                        Compare(first, 0, DataType.BigInt, Value.Of(1), isTurned: false),
                        Compare(second, 1, DataType.Double, Value.Of(.5), isTurned: true),
                    ];
                    int[]? rows = filters.TryFilter(
                        conditions, count, static id => id - 10, ordinal => columns[ordinal]);
                    int[] expected =
                    [
                        .. Enumerable.Range(0, count).Where(row =>
                            numbers[row] is { } number && parts[row] is { } part
                            && Holds(first, number, 1) && Holds(second, .5, part)),
                    ];
                    Assert.Equal(expected, rows);
                }
            }
        }
    }

    [Fact]
    public void What_is_no_comparison_of_numbers_is_left_to_the_expressions()
    {
        var filters = new SampleFilters();
        Expression text = Compare(
            BinaryOperator.Equal, 0, DataType.Text, Value.Of("a"), isTurned: false);
        Expression none = Compare(
            BinaryOperator.Equal, 0, DataType.BigInt, Value.Null, isTurned: false);
        Expression distinct = Compare(
            BinaryOperator.IsDistinctFrom, 0, DataType.BigInt, Value.Of(1), isTurned: false);
        foreach (Expression condition in new[] { text, none, distinct })
        {
            Assert.Null(filters.TryFilter(
                [condition],
                64,
                static id => id - 10,
                static _ => throw new NotSupportedException()));
        }
    }

    private static T[] Draw<T>(int count, Func<T> draw) =>
        [.. Enumerable.Range(0, count).Select(_ => draw())];

    private static ColumnBuffer Column<T>(DataType type, T?[] values, Func<T, Value> wrap)
        where T : struct
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, values.Length);
        foreach (T? value in values)
        {
            builder.Append(value is { } some ? wrap(some) : Value.Null);
        }

        return builder.Build();
    }

    private static ComparisonExpression Compare(
        BinaryOperator operation, int ordinal, DataType type, Value bound, bool isTurned)
    {
        Expression column = new ColumnExpression(ordinal + 10, "c", type);
        Expression constant = new ConstantExpression(bound, type);
        return isTurned
            ? new ComparisonExpression(operation, constant, column)
            : new ComparisonExpression(operation, column, constant);
    }

    private static bool Holds(BinaryOperator operation, double left, double right) =>
        operation switch
        {
            BinaryOperator.Equal => left == right,
            BinaryOperator.NotEqual => left != right,
            BinaryOperator.Less => left < right,
            BinaryOperator.LessOrEqual => left <= right,
            BinaryOperator.Greater => left > right,
            _ => left >= right,
        };
}
