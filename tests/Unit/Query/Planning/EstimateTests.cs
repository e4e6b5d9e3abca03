using System.Globalization;
using System.Text.Json;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Estimates against exact counts, over tables with skew and correlation.</summary>
public sealed class EstimateTests
{
    private const int OwnerCount = 4000;

    private static readonly string[] Tables =
    [
        "CREATE TABLE owner (id BIGINT PRIMARY KEY, fame BIGINT, age BIGINT)",
        "CREATE TABLE post (id BIGINT PRIMARY KEY, owner BIGINT, score BIGINT, kind BIGINT)",
        "CREATE TABLE badge (id BIGINT PRIMARY KEY, owner BIGINT, class BIGINT)",
        // Owners with low numbers are famous, write most posts and earn most badges.
        "INSERT INTO owner SELECT i, 100000 / i, i * 7919 % 60 "
            + "FROM generate_series(1, 4000) AS g(i)",
        "INSERT INTO post SELECT i, 1 + (i * 7919 % 20011) * (i * 7919 % 20011) / 100200, "
            + "i % 97, i % 97 / 10 FROM generate_series(1, 20000) AS g(i)",
        "INSERT INTO badge SELECT i, 1 + (i * 104729 % 15013) * (i * 104729 % 15013) / 56400, "
            + "i % 3 FROM generate_series(1, 15000) AS g(i)",
        "ANALYZE",
    ];

    private static readonly string[] Joins =
    [
        "FROM post, owner WHERE post.owner = owner.id",
        "FROM badge, owner WHERE badge.owner = owner.id",
        "FROM badge, post WHERE badge.owner = post.owner",
        "FROM badge, post, owner WHERE badge.owner = owner.id AND post.owner = owner.id",
    ];

    [Fact]
    public void Intervals_hold_the_true_numbers_of_stars_and_chains()
    {
        using var fixture = new QueryFixture(Tables);
        int held = 0;
        var ratios = new List<double>();
        List<string> queries = [.. Draw(60)];
        foreach (string query in queries)
        {
            double truth = double.Parse(
                fixture.Rows("SELECT count(*) " + query)[0], CultureInfo.InvariantCulture);
            (double rows, double low, double high) = Estimate(fixture, query);
            Assert.InRange(rows, low, high);
            held += low <= truth + 1 && truth <= high + 1 ? 1 : 0;
            ratios.Add(Math.Max((rows + 1) / (truth + 1), (truth + 1) / (rows + 1)));
        }

        // Nine of ten is what the interval promises.
        Assert.True(held >= 0.9 * queries.Count, $"{held} of {queries.Count}");
        ratios.Sort();
        Assert.True(ratios[ratios.Count / 2] < 1.3, $"{ratios[ratios.Count / 2]}");
        Assert.True(ratios[^4] < 8, $"{ratios[^4]}");
    }

    [Fact]
    public void A_join_without_conditions_is_counted_exactly()
    {
        using var fixture = new QueryFixture(Tables);
        foreach (string join in Joins)
        {
            double truth = double.Parse(
                fixture.Rows("SELECT count(*) " + join)[0], CultureInfo.InvariantCulture);
            Assert.InRange(Estimate(fixture, join).Rows / truth, 0.99, 1.01);
        }
    }

    [Fact]
    public void A_further_condition_does_not_raise_the_estimate()
    {
        using var fixture = new QueryFixture(Tables);
        foreach (string query in Draw(20))
        {
            double before = Estimate(fixture, query).Rows;
            double after = Estimate(fixture, query + " AND owner.age <> 3").Rows;
            Assert.True(after <= before * 1.001, $"{query}: {before} to {after}");
        }
    }

    [Fact]
    public void Keys_of_two_columns_have_no_more_values_than_their_table()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE stock (part BIGINT, place BIGINT, PRIMARY KEY (part, place))",
            "CREATE TABLE line (part BIGINT, place BIGINT)",
            "INSERT INTO stock SELECT 1 + i % 1000, 1 + (i % 1000 + i / 1000 * 37) % 50 "
                + "FROM generate_series(0, 3999) AS g(i)",
            "INSERT INTO line SELECT part, place FROM stock, generate_series(1, 5) AS g(i)");
        const string Query = "FROM line, stock WHERE line.part = stock.part "
            + "AND line.place = stock.place";
        Assert.InRange(Estimate(fixture, Query).Rows, 18_000, 22_000);
        fixture.Rows("ANALYZE");
        Assert.InRange(Estimate(fixture, Query).Rows, 18_000, 22_000);
    }

    [Fact]
    public void Distinct_values_are_counted_beyond_what_is_kept()
    {
        var keys = new KeyCounts();
        var values = new long[1000];
        for (int start = 0; start < 600_000; start += values.Length)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = i % 5 == 0 ? 7 : start + i;
            }

            var column = new ColumnBuffer<long>(DataType.BigInt, [.. values]);
            keys.Add(KeyCounts.HashesOf(column), column, null);
        }

        Assert.Equal(600_000, keys.RowCount);
        Assert.InRange(keys.Distinct, 470_000, 490_000);
        ulong seven = KeyCounts.HashesOf(new ColumnBuffer<long>(DataType.BigInt, [7L]))[0];
        Assert.Equal(120_001, keys.CountOf(seven));
    }

    [Fact]
    public void Bins_of_a_part_of_the_values_still_give_the_rows_of_a_join()
    {
        KeyCounts Counts(int values, int each)
        {
            var keys = new KeyCounts();
            for (int round = 0; round < each; round++)
            {
                for (int start = 0; start < values; start += 10_000)
                {
                    long[] some = [.. Enumerable.Range(start, 10_000).Select(i => (long)i)];
                    var column = new ColumnBuffer<long>(DataType.BigInt, some);
                    keys.Add(KeyCounts.HashesOf(column), column, null);
                }
            }

            return keys;
        }

        var bins = new KeyBins([Counts(400_000, 1), Counts(300_000, 3)]);
        double[] factors = bins.FactorsOf([0, 1]);
        double rows = 0;
        for (int bin = 0; bin < bins.Count; bin++)
        {
            rows += factors[bin] * bins.RowsOf(0)[bin] * bins.RowsOf(1)[bin];
        }

        Assert.InRange(rows, 870_000, 930_000);
    }

    private static IEnumerable<string> Draw(int count)
    {
        var random = new SeededRandomSource(11);
        int Below(int limit) => (int)(random.NextUInt64() % (ulong)limit);
        for (int i = 0; i < count; i++)
        {
            string join = Joins[Below(2) * 3];
            var parts = new List<string> { join };
            if (Below(2) == 0)
            {
                string operation = Below(2) == 0 ? "<" : ">=";
                parts.Add($"owner.fame {operation} {100_000 / (1 + Below(OwnerCount))}");
            }

            if (Below(2) == 0)
            {
                parts.Add($"owner.age < {5 + Below(55)}");
            }

            if (Below(2) == 0)
            {
                parts.Add($"post.score < {10 + Below(87)} AND post.kind >= {Below(3)}");
            }

            yield return string.Join(" AND ", parts);
        }
    }

    private static (double Rows, double Low, double High) Estimate(
        QueryFixture fixture, string query)
    {
        string json = fixture.Rows("EXPLAIN (FORMAT JSON) SELECT count(*) " + query)[0];
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement node = document.RootElement.GetProperty("plan");
        while (node.GetProperty("operator").GetString() is "Project" or "HashAggregate")
        {
            node = node.GetProperty("inputs")[0];
        }

        return (
            node.GetProperty("estimatedRows").GetDouble(),
            node.GetProperty("estimatedRowsLow").GetDouble(),
            node.GetProperty("estimatedRowsHigh").GetDouble());
    }
}
