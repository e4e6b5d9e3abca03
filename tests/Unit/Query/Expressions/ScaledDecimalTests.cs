using System.Globalization;

namespace NeuroDb.Tests.Unit;

/// <summary>Decimals computed as integers give the digits and scales of decimals.</summary>
public sealed class ScaledDecimalTests
{
    private static readonly decimal[] Numbers =
    [
        0m, 0.00m, 1m, -1m, 1.5m, -2.25m, 99.99m, 1234567.89m, -0.01m, 9007199254740993m,
        4611686018427387903m, 79228162514264337593543950335m, 1e-20m, 922337203685.4775807m,
    ];

    [Theory]
    [InlineData("a + b")]
    [InlineData("a - b")]
    [InlineData("a * b")]
    [InlineData("a * (1 - b)")]
    [InlineData("a * (1 - b) * (1 + b) - a")]
    public void Arithmetic_gives_the_digits_of_decimals(string sql)
    {
        using var query = new QueryFixture("CREATE TABLE t (i INTEGER, a DECIMAL, b DECIMAL)");
        decimal[] small = [.. Numbers.Where(number => Math.Abs(number) < 1e7m)];
        foreach (decimal first in small)
        {
            foreach (decimal second in small)
            {
                query.Rows("DELETE FROM t");
                query.Rows("INSERT INTO t VALUES (1, ?, ?)", Value.Of(first), Value.Of(second));
                decimal expected = sql switch
                {
                    "a + b" => first + second,
                    "a - b" => first - second,
                    "a * b" => first * second,
                    "a * (1 - b)" => first * (1 - second),
                    _ => (first * (1 - second) * (1 + second)) - first,
                };
                string found = query.Line($"SELECT {sql} FROM t");
                Assert.Equal(
                    expected.ToString(CultureInfo.InvariantCulture)
                        .TrimStart('-'),
                    found.TrimStart('-'));
            }
        }
    }

    [Fact]
    public void Sums_of_numbers_of_any_size_and_scale_are_exact()
    {
        using var query = new QueryFixture("CREATE TABLE t (g INTEGER, a DECIMAL)");
        decimal[] summed = [.. Numbers.Where(number => Math.Abs(number) < 1e19m)];
        foreach (decimal number in summed)
        {
            query.Rows("INSERT INTO t VALUES (1, ?), (2, 0.5), (1, NULL)", Value.Of(number));
        }

        Assert.Equal(
            summed.Sum().ToString(CultureInfo.InvariantCulture),
            query.Line("SELECT sum(a) FROM t WHERE g = 1"));
        decimal half = summed.Length * 0.5m;
        Assert.Equal(
            $"2|{half.ToString(CultureInfo.InvariantCulture)}",
            query.Line("SELECT g, sum(a) FROM t WHERE g = 2 GROUP BY g"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(500)]
    public void Sums_of_few_and_of_many_groups_are_those_of_each_group_alone(int groups)
    {
        using var query = new QueryFixture(
            "CREATE TABLE t (g INTEGER, a DECIMAL(12, 2), b DECIMAL(12, 2), c INTEGER)",
            $"INSERT INTO t SELECT i % {groups}, CASE WHEN i % 11 = 0 THEN NULL ELSE "
                + "(i * 37 % 20011 - 9000) / 100.0 END, i % 10 / 100.0, i % 7 "
                + "FROM generate_series(1, 9001) AS s(i)");
        string[] sums =
        [
            "sum(b)", "sum(a)", "sum(a * (1 - b))", "sum(a * (1 - b) * (1 + b))", "avg(b)",
            "sum(b) FILTER (WHERE c > 2)", "sum(c * b)", "count(a)",
        ];
        string all = string.Join(", ", sums);
        foreach (string where in new[] { "c < 9", "c <> 3", "a > 5.25 AND b < 0.07" })
        {
            string[] together =
                query.Rows($"SELECT g, {all} FROM t WHERE {where} GROUP BY g ORDER BY g");
            for (int i = 0; i < together.Length; i += Math.Max(1, groups / 7))
            {
                string group = together[i].Split('|')[0];
                Assert.Equal(together[i], query.Line(
                    $"SELECT {group}, {all} FROM t WHERE {where} AND g = {group}"));
                string alone = string.Join('|', sums.Select(sum => query.Line(
                    $"SELECT {sum} FROM t WHERE {where} AND g = {group}")));
                Assert.Equal(together[i], $"{group}|{alone}");
            }
        }
    }

    [Theory]
    [InlineData("sum(90), sum(10), min(33), max(-45)", "270|30|33|-45")]
    [InlineData("sum(1.0), sum(1.00), sum(1)", "3.0|3.00|3")]
    [InlineData("sum(a * 2), sum(a * 3), sum(a * 2.0)", "12.00|18.00|12.000")]
    [InlineData("min(CAST(NULL AS INTEGER)), max(70), count(7)", "NULL|70|3")]
    public void Aggregates_over_different_constants_stay_apart(string sums, string expected)
    {
        using var query = new QueryFixture(
            "CREATE TABLE t (a DECIMAL(9, 2))", "INSERT INTO t VALUES (1), (2), (3)");
        Assert.Equal(expected, query.Line($"SELECT {sums} FROM t"));
    }

    [Theory]
    [InlineData("a < 1.5", 7)]
    [InlineData("a <= 1.50", 8)]
    [InlineData("a = 0", 2)]
    [InlineData("a <> 0.000", 12)]
    [InlineData("a > 99.985", 6)]
    [InlineData("a >= 79228162514264337593543950335", 1)]
    [InlineData("a > 0.00000000000000000001", 8)]
    public void Comparisons_with_a_constant_compare_numbers(string condition, int rows)
    {
        using var query = new QueryFixture("CREATE TABLE t (a DECIMAL)");
        foreach (decimal number in Numbers)
        {
            query.Rows("INSERT INTO t VALUES (?), (NULL)", Value.Of(number));
        }

        int found = int.Parse(
            query.Line($"SELECT count(*) FROM t WHERE {condition}"),
            CultureInfo.InvariantCulture);
        Assert.Equal(rows, found);
        Assert.Equal(
            found.ToString(CultureInfo.InvariantCulture),
            query.Line($"SELECT count(CASE WHEN {condition} THEN 1 END) FROM t"));
    }
}
