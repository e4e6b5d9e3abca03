using NeuroDb.Query;
using ExecutionContext = NeuroDb.Query.ExecutionContext;

namespace NeuroDb.Tests.Unit;

public sealed class ThreeValuedLogicTests
{
    private static readonly bool?[] Truths = [true, false, null];

    [Fact]
    public void AND_OR_and_NOT_follow_the_truth_tables()
    {
        foreach (bool? a in Truths)
        {
            foreach (bool? b in Truths)
            {
                Expression[] operands = [Evaluation.Of(a), Evaluation.Of(b)];
                Assert.Equal(Text(a & b), Evaluation.Text(ExpressionFactory.And(operands)));
                Assert.Equal(Text(a | b), Evaluation.Text(ExpressionFactory.Or(operands)));
            }

            Assert.Equal(Text(!a), Evaluation.Text(ExpressionFactory.Not(Evaluation.Of(a))));
        }
    }

    [Fact]
    public void AND_and_OR_over_columns_follow_the_truth_tables()
    {
        object?[] left = [true, true, true, false, false, false, null, null, null];
        object?[] right = [true, false, null, true, false, null, true, false, null];
        var batch = new RowBatch(
            [
                Evaluation.Column(DataType.Boolean, left),
                Evaluation.Column(DataType.Boolean, right),
            ],
            9);
        Expression[] operands =
        [
            new OrdinalExpression(0, "a", DataType.Boolean),
            new OrdinalExpression(1, "b", DataType.Boolean),
        ];
        ColumnBuffer and = ExpressionFactory.And(operands).Evaluate(batch, Evaluation.Context());
        ColumnBuffer or = ExpressionFactory.Or(operands).Evaluate(batch, Evaluation.Context());
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(Text((bool?)left[i] & (bool?)right[i]), Evaluation.Texts(and)[i]);
            Assert.Equal(Text((bool?)left[i] | (bool?)right[i]), Evaluation.Texts(or)[i]);
        }
    }

    [Fact]
    public void Comparisons_with_NULL_are_NULL_but_distinctness_is_not()
    {
        Assert.Null(Evaluation.Binary(1, BinaryOperator.Equal, null));
        Assert.Null(Evaluation.Binary(null, BinaryOperator.Less, null));
        Assert.Equal("true", Evaluation.Binary(1, BinaryOperator.IsDistinctFrom, null));
        Assert.Equal("false", Evaluation.Binary(null, BinaryOperator.IsDistinctFrom, null));
        Assert.Equal("true", Evaluation.Binary(null, BinaryOperator.IsNotDistinctFrom, null));
        Assert.Equal("false", Evaluation.Binary(1, BinaryOperator.IsNotDistinctFrom, 2));
    }

    [Fact]
    public void IN_is_NULL_where_only_a_NULL_could_match()
    {
        Assert.Equal("true", In(1, 1, null));
        Assert.Null(In(2, 1, null));
        Assert.Null(In(null, 1));
        Assert.Equal("false", In(2, 1, 3));
        Assert.Equal("true", In("b", "a", "b"));
        Assert.Equal("true", In(7, 1, 2, 3, 4, 5, 6, 7, 8));
    }

    [Fact]
    public void Truth_tests_never_give_NULL()
    {
        Assert.Equal("false", Is(null, TruthTest.True, false));
        Assert.Equal("true", Is(null, TruthTest.True, true));
        Assert.Equal("true", Is(null, TruthTest.Unknown, false));
        Assert.Equal("true", Is(false, TruthTest.False, false));
        Assert.Equal("true", Is(null, TruthTest.Null, false));
    }

    [Fact]
    public void An_error_in_a_branch_that_no_row_takes_does_not_surface()
    {
        ColumnBuffer column = Evaluation.Column(DataType.Text, "1", "x", "3");
        var batch = new RowBatch([column], 3);
        var text = new OrdinalExpression(0, "t", DataType.Text);
        Expression number = ExpressionFactory.Cast(text, DataType.Integer);
        Expression safe = ExpressionFactory.Binary(
            BinaryOperator.NotEqual, text, Evaluation.Of("x"));
        Expression positive = ExpressionFactory.Binary(
            BinaryOperator.Greater, number, Evaluation.Of(0));
        Expression and = ExpressionFactory.And([safe, positive]);
        Expression or = ExpressionFactory.Or([ExpressionFactory.Not(safe), positive]);
        Expression @case = ExpressionFactory.Case(
            null, [(safe, number)], Evaluation.Of(-1), default);
        ExecutionContext context = Evaluation.Context();
        Assert.Equal(["true", "false", "true"], Evaluation.Texts(and.Evaluate(batch, context)));
        Assert.Equal(["true", "true", "true"], Evaluation.Texts(or.Evaluate(batch, context)));
        Assert.Equal(["1", "-1", "3"], Evaluation.Texts(@case.Evaluate(batch, context)));
        Assert.Equal(
            ErrorCode.InvalidText, Evaluation.Error(() => number.Evaluate(batch, context)));
    }

    private static string? In(object? operand, params object?[] items) => Evaluation.Text(
        ExpressionFactory.InList(
            Evaluation.Of(operand), [.. items.Select(Evaluation.Of)], negated: false));

    private static string? Is(object? operand, TruthTest test, bool negated) =>
        Evaluation.Text(ExpressionFactory.Is(Evaluation.Of(operand), test, negated));

    private static string? Text(bool? truth) => truth switch
    {
        null => null,
        true => "true",
        false => "false",
    };
}
