using NeuroDb.Query;
using ExecutionContext = NeuroDb.Query.ExecutionContext;

namespace NeuroDb.Tests.Unit;

public sealed class EquivalenceTests
{
    private static readonly BinaryOperator[] Operators =
    [
        BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply,
        BinaryOperator.Divide, BinaryOperator.Modulo, BinaryOperator.Equal,
        BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual,
        BinaryOperator.Greater, BinaryOperator.GreaterOrEqual, BinaryOperator.IsDistinctFrom,
    ];

    [Fact]
    public void A_batch_gives_the_same_as_its_rows_one_by_one()
    {
        var random = new SeededRandomSource(7);
        ExecutionContext context = Evaluation.Context();
        DataType[] types = [DataType.BigInt, DataType.Double, DataType.Decimal];
        foreach (DataType type in types)
        {
            RowBatch batch = RandomBatch(random, type, 67);
            Expression[] operands =
            [
                new OrdinalExpression(0, "a", type),
                new OrdinalExpression(1, "b", type),
                ExpressionFactory.Assign(Evaluation.Of(3), type),
            ];
            foreach (BinaryOperator operation in Operators)
            {
                CheckRows(operation, operands[0], operands[1], batch, context);
                CheckRows(operation, operands[0], operands[2], batch, context);
                CheckRows(operation, operands[2], operands[1], batch, context);
            }
        }
    }

    [Fact]
    public void Filter_selects_the_rows_whose_condition_is_true()
    {
        var random = new SeededRandomSource(11);
        ExecutionContext context = Evaluation.Context();
        RowBatch batch = RandomBatch(random, DataType.Double, 200);
        var selected = new int[200];
        for (int i = 0; i < 100; i++)
        {
            Expression predicate = ExpressionFactory.And(
                [RandomTest(random), RandomTest(random), RandomTest(random)]);
            int count = ExpressionFactory.Filter(predicate, batch, context, selected);
            ColumnBuffer truth = predicate.Evaluate(batch, context);
            int[] expected =
            [
                .. Enumerable.Range(0, 200).Where(row => Evaluation.Texts(truth)[row] == "true"),
            ];
            Assert.Equal(expected, selected[..count]);
        }
    }

    [Fact]
    public void LIKE_matches_like_a_naive_matcher()
    {
        var random = new SeededRandomSource(13);
        for (int i = 0; i < 5000; i++)
        {
            string text = RandomText(random, "ab", 8);
            string pattern = RandomText(random, "ab%_", 6);
            bool matches = new LikePattern(pattern, '\\', false, default).IsMatch(text);
            Assert.True(matches == Naive(text, pattern), $"'{text}' LIKE '{pattern}'");
        }
    }

    [Fact]
    public void LIKE_counts_code_points_and_takes_escapes_literally()
    {
        Assert.True(new LikePattern("_a", '\\', false, default).IsMatch("\U0001F600a"));
        Assert.True(new LikePattern("%\\%", '\\', false, default).IsMatch("10%"));
        Assert.False(new LikePattern("%\\%", '\\', false, default).IsMatch("10"));
        Assert.Equal(
            ErrorCode.InvalidText,
            Evaluation.Error(() => new LikePattern("a\\", '\\', false, default).IsMatch("a")));
    }

    private static Expression RandomTest(SeededRandomSource random)
    {
        BinaryOperator operation = Operators[5 + (int)(random.NextUInt64() % 7)];
        var column = new OrdinalExpression((int)(random.NextUInt64() % 2), "c", DataType.Double);
        Expression bound = Evaluation.Of((double)(random.NextUInt64() % 9) - 4);
        return random.NextUInt64() % 2 == 0
            ? ExpressionFactory.Binary(operation, column, bound)
            : ExpressionFactory.Binary(operation, bound, column);
    }

    private static void CheckRows(
        BinaryOperator operation,
        Expression left,
        Expression right,
        RowBatch batch,
        ExecutionContext context)
    {
        Expression expression = ExpressionFactory.Binary(operation, left, right);
        IReadOnlyList<string?> whole = Evaluation.Texts(expression.Evaluate(batch, context));
        for (int row = 0; row < batch.Count; row++)
        {
            ColumnBuffer single = expression.Evaluate(batch.Slice(row, 1), context);
            Assert.Equal(Evaluation.Texts(single)[0], whole[row]);
        }
    }

    private static RowBatch RandomBatch(SeededRandomSource random, DataType type, int count)
    {
        var columns = new ColumnBuffer[2];
        for (int i = 0; i < columns.Length; i++)
        {
            var values = new object?[count];
            for (int row = 0; row < count; row++)
            {
                values[row] = random.NextUInt64() % 8 == 0
                    ? null
                    : (int)(random.NextUInt64() % 9) - 4;
            }

            columns[i] = Evaluation.Column(type, values);
        }

        return new RowBatch(columns, count);
    }

    private static string RandomText(SeededRandomSource random, string alphabet, int lengthMax)
    {
        var text = new char[random.NextUInt64() % (ulong)(lengthMax + 1)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = alphabet[(int)(random.NextUInt64() % (ulong)alphabet.Length)];
        }

        return new string(text);
    }

    private static bool Naive(string text, string pattern)
    {
        if (pattern.Length == 0)
        {
            return text.Length == 0;
        }

        if (pattern[0] == '%')
        {
            return Naive(text, pattern[1..]) || (text.Length > 0 && Naive(text[1..], pattern));
        }

        return text.Length > 0 && (pattern[0] == '_' || pattern[0] == text[0])
            && Naive(text[1..], pattern[1..]);
    }
}
