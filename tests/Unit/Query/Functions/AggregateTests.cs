using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

public sealed class AggregateTests
{
    private static readonly int[] Groups = [0, 1, 0, 1, 0];

    [Theory]
    [InlineData("count", false, "3", "1")]
    [InlineData("count", true, "2", "1")]
    [InlineData("sum", false, "9", "4")]
    [InlineData("sum", true, "7", "4")]
    [InlineData("avg", false, "3.0", "4.0")]
    [InlineData("min", false, "2", "4")]
    [InlineData("max", false, "5", "4")]
    [InlineData("total", false, "9.0", "4.0")]
    [InlineData("group_concat", false, "2,2,5", "4")]
    [InlineData("var_samp", false, "3.0", null)]
    [InlineData("any_value", false, "2", "4")]
    public void Aggregates_keep_their_groups_apart(
        string name, bool distinct, string? first, string? second)
    {
        ColumnBuffer column = Evaluation.Column(DataType.BigInt, 2, null, 2, 4, 5);
        AggregateFunction function = ExpressionFactory.ResolveAggregate(
            name, [new OrdinalExpression(0, "x", DataType.BigInt)], distinct);
        AggregateState state = function.CreateState();
        state.EnsureGroups(2);
        state.Update(Arguments(function, column), Groups);
        Assert.Equal([first, second], Evaluation.Texts(state.Finish()));
    }

    [Theory]
    [InlineData("count")]
    [InlineData("sum")]
    [InlineData("avg")]
    [InlineData("min")]
    [InlineData("stddev_pop")]
    public void One_group_gives_the_same_with_the_fast_path(string name)
    {
        ColumnBuffer column = Evaluation.Column(DataType.BigInt, -7, null, long.MaxValue / 4, 4);
        AggregateFunction function = ExpressionFactory.ResolveAggregate(
            name, [new OrdinalExpression(0, "x", DataType.BigInt)], isDistinct: false);
        AggregateState grouped = function.CreateState();
        grouped.EnsureGroups(1);
        grouped.Update(Arguments(function, column), new int[4]);
        AggregateState single = function.CreateState();
        single.EnsureGroups(1);
        single.UpdateAll(Arguments(function, column), 4);
        Assert.Equal(Evaluation.Texts(grouped.Finish()), Evaluation.Texts(single.Finish()));
    }

    [Fact]
    public void A_sum_that_does_not_fit_is_an_error_and_one_that_comes_back_is_not()
    {
        Assert.Equal(
            ErrorCode.NumericOutOfRange,
            Evaluation.Error(() => Sum(long.MaxValue, 1L)));
        Assert.Equal(["9223372036854775806"], Sum(long.MaxValue, 1L, -2L));
    }

    private static IReadOnlyList<string?> Sum(params object?[] values)
    {
        ColumnBuffer column = Evaluation.Column(DataType.BigInt, values);
        AggregateState state = ExpressionFactory.ResolveAggregate(
            "sum", [new OrdinalExpression(0, "x", DataType.BigInt)], isDistinct: false)
            .CreateState();
        state.EnsureGroups(1);
        state.UpdateAll([column], values.Length);
        return Evaluation.Texts(state.Finish());
    }

    private static ColumnBuffer[] Arguments(AggregateFunction function, ColumnBuffer column)
    {
        var batch = new RowBatch([column], column.Count);
        return
        [
            .. function.Arguments.Select(
                argument => argument.Evaluate(batch, Evaluation.Context())),
        ];
    }
}
