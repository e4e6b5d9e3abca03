using System.Globalization;
using System.Text.Json;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Conditions that few rows of a table satisfy, evaluated on ranks of values.</summary>
public sealed class RankedSampleTests
{
    private static readonly BinaryOperator[] Operators =
    [
        BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less,
        BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual,
    ];

    private static readonly string[] Tables =
    [
        "CREATE TABLE owner (id BIGINT PRIMARY KEY, fame BIGINT, weight DOUBLE, age BIGINT)",
        "CREATE TABLE post (id BIGINT PRIMARY KEY, owner BIGINT, score BIGINT)",
        // Each value of fame and weight is that of one owner, whom a sample hardly ever has.
        "INSERT INTO owner SELECT i, i * 7919 % 20011, i * 0.25 - 2500, "
            + "CASE WHEN i % 5000 > 0 THEN i % 60 END FROM generate_series(1, 20000) AS g(i)",
        "INSERT INTO post SELECT i, CASE WHEN i % 3 > 0 THEN 1 + i * 17 % 400 "
            + "ELSE 1 + i * 7 % 20000 END, i % 1000 FROM generate_series(1, 60000) AS g(i)",
        "ANALYZE",
    ];

    [Theory]
    [InlineData(2_000, 40, 7)]
    [InlineData(70_001, 1L << 40, 0)]
    public void Ranks_compare_as_values_do(int count, long range, int nullEvery)
    {
        var random = new SeededRandomSource((ulong)count);
        ColumnBuilder longs = ColumnBuilder.Create(DataType.BigInt, count);
        ColumnBuilder doubles = ColumnBuilder.Create(DataType.Double, count);
        var values = new long?[count];
        for (int i = 0; i < count; i++)
        {
            long value = (long)(random.NextUInt64() % (ulong)range) - (range / 2);
            values[i] = nullEvery > 0 && i % nullEvery == 0 ? null : value;
            longs.Append(values[i] is { } one ? Value.Of(one) : Value.Null);
            doubles.Append(values[i] is { } two ? Value.Of(two * 0.5) : Value.Null);
        }

        RankedColumn ranks = RankedColumn.Of(longs.Build())!;
        RankedColumn halves = RankedColumn.Of(doubles.Build())!;
        long?[] constants =
            [.. values.Take(4), values.Min(), values.Max(), -range, range, 0, 1];
        foreach (long constant in constants.OfType<long>())
        {
            foreach (BinaryOperator operation in Operators)
            {
                int[] expected = [.. Enumerable.Range(0, count).Where(
                    i => values[i] is { } value && Holds(value, operation, constant))];
                Assert.Equal(
                    expected, SampleBits.RowsOf(ranks.Compare(operation, constant)));
                Assert.Equal(expected, SampleBits.RowsOf(halves.Compare(
                    operation,
                    RankedColumn.CodeOf(new ConstantExpression(
                        Value.Of(constant * 0.5), DataType.Double))!.Value)));
            }
        }
    }

    [Fact]
    public void A_column_with_NaN_has_no_ranks()
    {
        ColumnBuilder builder = ColumnBuilder.Create(DataType.Double, 2);
        builder.Append(Value.Of(1));
        builder.Append(Value.Of(double.NaN));
        Assert.Null(RankedColumn.Of(builder.Build()));
    }

    [Theory]
    [InlineData("owner.fame = 4711")]
    [InlineData("owner.weight = -2487.5")]
    [InlineData("owner.fame IN (4711, 12, 7919)")]
    [InlineData("owner.fame = 7919 OR owner.fame < 12 AND owner.weight > 0")]
    [InlineData("owner.fame = -1")]
    [InlineData("owner.fame = -1 AND owner.weight < 0 AND post.score < 900")]
    [InlineData("owner.age IS NULL")]
    [InlineData("owner.age IS NOT NULL AND owner.weight <= -2450 AND owner.age = 59")]
    public void Few_rows_of_one_side_decide_how_many_a_join_has(string condition)
    {
        using var fixture = new QueryFixture(Tables);
        string query = "FROM post, owner WHERE post.owner = owner.id AND (" + condition + ")";
        double truth = double.Parse(
            fixture.Rows("SELECT count(*) " + query)[0], CultureInfo.InvariantCulture);
        string text = fixture.Rows("EXPLAIN (FORMAT JSON) SELECT count(*) " + query)[0];
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement node = document.RootElement.GetProperty("plan");
        while (node.GetProperty("operator").GetString() is "Project" or "HashAggregate")
        {
            node = node.GetProperty("inputs")[0];
        }

        double rows = node.GetProperty("estimatedRows").GetDouble();
        Assert.InRange(rows / Math.Max(1, truth), 0.6, 1.6);
    }

    private static bool Holds(long value, BinaryOperator operation, long constant) =>
        operation switch
        {
            BinaryOperator.Equal => value == constant,
            BinaryOperator.NotEqual => value != constant,
            BinaryOperator.Less => value < constant,
            BinaryOperator.LessOrEqual => value <= constant,
            BinaryOperator.Greater => value > constant,
            _ => value >= constant,
        };
}
