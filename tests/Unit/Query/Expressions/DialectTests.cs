using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

public sealed class DialectTests
{
    [Theory]
    [InlineData(7, 2, "3", "1")]
    [InlineData(-7, 2, "-3", "-1")]
    [InlineData(7, -2, "-3", "1")]
    [InlineData(-7, -2, "3", "-1")]
    public void Integer_division_truncates_and_the_remainder_has_the_sign_of_the_dividend(
        int left, int right, string quotient, string remainder)
    {
        Assert.Equal(quotient, Evaluation.Binary(left, BinaryOperator.Divide, right));
        Assert.Equal(remainder, Evaluation.Binary(left, BinaryOperator.Modulo, right));
    }

    public static TheoryData<object, object> ZeroDivisors => new()
    {
        { 1, 0 }, { 1.5, 0.0 }, { 1.5m, 0m }, { 0, 0 }, { 1, 0.0 }, { long.MinValue, 0 },
    };

    [Theory]
    [MemberData(nameof(ZeroDivisors))]
    public void Division_and_remainder_by_zero_are_NULL(object left, object right)
    {
        Assert.Null(Evaluation.Binary(left, BinaryOperator.Divide, right));
        Assert.Null(Evaluation.Binary(left, BinaryOperator.Modulo, right));
    }

    [Fact]
    public void Integer_arithmetic_widens_to_64_bits()
    {
        Expression sum = ExpressionFactory.Binary(
            BinaryOperator.Add, Evaluation.Of(int.MaxValue), Evaluation.Of(1));
        Assert.Equal(DataType.BigInt, sum.Type);
        Assert.Equal("2147483648", Evaluation.Text(sum));
    }

    [Theory]
    [InlineData(long.MaxValue, nameof(BinaryOperator.Add), 1L)]
    [InlineData(long.MinValue, nameof(BinaryOperator.Add), -1L)]
    [InlineData(long.MinValue, nameof(BinaryOperator.Subtract), 1L)]
    [InlineData(0L, nameof(BinaryOperator.Subtract), long.MinValue)]
    [InlineData(long.MaxValue, nameof(BinaryOperator.Multiply), 2L)]
    [InlineData(long.MinValue, nameof(BinaryOperator.Multiply), -1L)]
    [InlineData(4294967296L, nameof(BinaryOperator.Multiply), 4294967296L)]
    [InlineData(long.MinValue, nameof(BinaryOperator.Divide), -1L)]
    public void Overflow_of_64_bits_is_an_error(long left, string operation, long right) =>
        Assert.Equal(
            ErrorCode.NumericOutOfRange,
            Evaluation.Error(
                () => Evaluation.Binary(left, Enum.Parse<BinaryOperator>(operation), right)));

    [Theory]
    [InlineData(long.MaxValue, nameof(BinaryOperator.Add), 0L, "9223372036854775807")]
    [InlineData(long.MinValue, nameof(BinaryOperator.Add), long.MaxValue, "-1")]
    [InlineData(-1L, nameof(BinaryOperator.Subtract), long.MinValue, "9223372036854775807")]
    [InlineData(long.MinValue, nameof(BinaryOperator.Multiply), 1L, "-9223372036854775808")]
    [InlineData(3037000499L, nameof(BinaryOperator.Multiply), 3037000499L, "9223372030926249001")]
    [InlineData(long.MinValue, nameof(BinaryOperator.Modulo), -1L, "0")]
    public void Arithmetic_up_to_the_edges_of_64_bits_is_exact(
        long left, string operation, long right, string expected) =>
        Assert.Equal(
            expected,
            Evaluation.Binary(left, Enum.Parse<BinaryOperator>(operation), right));

    [Fact]
    public void Overflow_under_a_NULL_is_no_error()
    {
        var nulls = new NullMask([1, 0]);
        var column = new ColumnBuffer<long>(
            DataType.BigInt, [long.MaxValue, 5], 0, 2, nulls);
        Expression sum = ExpressionFactory.Binary(
            BinaryOperator.Multiply,
            new OrdinalExpression(0, "a", DataType.BigInt),
            Evaluation.Of(2));
        ColumnBuffer result = sum.Evaluate(new RowBatch([column], 2), Evaluation.Context());
        Assert.Equal([null, "10"], Evaluation.Texts(result));
    }

    [Fact]
    public void Overflow_of_the_column_stored_into_is_an_error() =>
        Assert.Equal(
            ErrorCode.NumericOutOfRange,
            Evaluation.Error(() => ExpressionFactory.Assign(
                Evaluation.Of(2147483648L), DataType.Integer)));

    [Fact]
    public void A_text_column_does_not_compare_with_a_number()
    {
        var text = new OrdinalExpression(0, "t", DataType.Text);
        Assert.Equal(
            ErrorCode.TypeMismatch,
            Evaluation.Error(() => ExpressionFactory.Binary(
                BinaryOperator.Equal, text, Evaluation.Of(1))));
    }

    [Fact]
    public void A_text_literal_takes_the_type_of_the_column_it_meets()
    {
        var number = new OrdinalExpression(0, "n", DataType.BigInt);
        Expression equal = ExpressionFactory.Binary(
            BinaryOperator.Equal, number, Evaluation.Of("42"));
        Assert.Equal(DataType.BigInt, equal.Children[1].Type);
        Assert.Equal(
            ErrorCode.InvalidText,
            Evaluation.Error(() => ExpressionFactory.Binary(
                BinaryOperator.Equal, number, Evaluation.Of("x"))));
    }

    [Theory]
    [InlineData("Abc", "a%", null, false)]
    [InlineData("abc", "a%", null, true)]
    public void LIKE_is_case_sensitive_and_ILIKE_is_not(
        string text, string pattern, string? escape, bool matches)
    {
        Expression? escaped = escape is null ? null : Evaluation.Of(escape);
        Expression like = ExpressionFactory.Like(
            Evaluation.Of(text), Evaluation.Of(pattern), escaped, ignoreCase: false, false);
        Expression ilike = ExpressionFactory.Like(
            Evaluation.Of(text), Evaluation.Of(pattern), escaped, ignoreCase: true, false);
        Assert.Equal(matches ? "true" : "false", Evaluation.Text(like));
        Assert.Equal("true", Evaluation.Text(ilike));
    }

    [Fact]
    public void Text_compares_by_code_point_also_beyond_the_basic_plane()
    {
        Assert.Equal("true", Evaluation.Binary("Z", BinaryOperator.Less, "a"));
        Assert.Equal("true", Evaluation.Binary("\uFFFD", BinaryOperator.Less, "\U0001F600"));
        Assert.Equal("true", Evaluation.Binary("a", BinaryOperator.Less, "ab"));
        Assert.Equal("false", Evaluation.Binary("e\u0301", BinaryOperator.Equal, "\u00E9"));
    }

    [Fact]
    public void TRUE_and_FALSE_compare_with_1_and_0()
    {
        Assert.Equal("true", Evaluation.Binary(true, BinaryOperator.Equal, 1));
        Assert.Equal("true", Evaluation.Binary(false, BinaryOperator.Equal, 0));
        Assert.Equal("false", Evaluation.Binary(true, BinaryOperator.Equal, 2));
    }

    [Fact]
    public void Number_literals_take_the_first_type_that_holds_them()
    {
        Assert.Equal(DataType.Integer, ExpressionFactory.NumberLiteral("2147483647").Type);
        Assert.Equal(DataType.BigInt, ExpressionFactory.NumberLiteral("2147483648").Type);
        Assert.Equal(
            DataType.Decimal, ExpressionFactory.NumberLiteral("9223372036854775808").Type);
        Assert.Equal(DataType.Decimal, ExpressionFactory.NumberLiteral("1.50").Type);
        Assert.Equal(DataType.Double, ExpressionFactory.NumberLiteral("1e3").Type);
        Assert.Equal(
            DataType.Double, ExpressionFactory.NumberLiteral(new string('9', 40)).Type);
        Expression smallest = ExpressionFactory.Unary(
            UnaryOperator.Negate, ExpressionFactory.NumberLiteral("9223372036854775808"));
        Assert.Equal(DataType.BigInt, smallest.Type);
    }

    [Fact]
    public void Counting_nothing_is_0_and_summing_nothing_is_NULL()
    {
        Assert.Equal(["0"], Aggregate("count"));
        Assert.Equal([null], Aggregate("sum"));
        Assert.Equal([null], Aggregate("avg"));
        Assert.Equal([null], Aggregate("max"));
        Assert.Equal(["0.0"], Aggregate("total"));
    }

    private static IReadOnlyList<string?> Aggregate(string name)
    {
        AggregateState state = ExpressionFactory.ResolveAggregate(
            name, [new OrdinalExpression(0, "x", DataType.BigInt)], isDistinct: false)
            .CreateState();
        state.EnsureGroups(1);
        return Evaluation.Texts(state.Finish());
    }
}
