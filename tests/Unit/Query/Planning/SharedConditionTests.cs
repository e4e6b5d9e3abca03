namespace NeuroDb.Tests.Unit;

/// <summary>Estimates of joins both sides of which have a condition on the key.</summary>
public sealed class SharedConditionTests
{
    private static readonly string[] Tables =
    [
        "CREATE TABLE author (id BIGINT PRIMARY KEY, kind BIGINT)",
        "CREATE TABLE post (id INT PRIMARY KEY, author BIGINT, kind BIGINT, year BIGINT)",
        "CREATE TABLE vote (author INT, weight BIGINT, name TEXT)",
        "INSERT INTO author SELECT i, i % 50 FROM generate_series(1, 40000) AS g(i)",
        "INSERT INTO post SELECT i, 1 + i * i % 40000, i % 10, i / 2000 "
            + "FROM generate_series(1, 60000) AS g(i)",
        "INSERT INTO vote SELECT i % 500, i % 4, 'n' || i % 500 "
            + "FROM generate_series(1, 20000) AS g(i)",
    ];

    private static readonly string[] Queries =
    [
        "author JOIN post ON author.id = post.author WHERE author.id < 20000",
        "author JOIN post ON author.id = post.author WHERE author.id < 20000 "
            + "AND post.author > 9000 AND post.kind < 5 AND author.kind < 25",
        "author JOIN post ON author.id = post.id "
            + "WHERE author.id BETWEEN 10000 AND 20000 AND post.year < 10",
        "author LEFT JOIN post ON post.author = author.id WHERE author.id < 8000",
        "post JOIN vote ON vote.author = post.author WHERE vote.author < 100",
        "post JOIN vote ON vote.author = post.author JOIN author ON author.id = vote.author "
            + "WHERE author.id < 100 AND author.id <> 7",
        "vote AS a JOIN vote AS b ON a.author = b.author WHERE a.author < 100",
        "vote AS a JOIN vote AS b ON a.name = b.name WHERE a.name LIKE 'n1%'",
        "author LEFT JOIN vote ON vote.author = author.id WHERE author.id < 1000",
        "post WHERE author < 250 "
            + "AND EXISTS (SELECT 1 FROM vote WHERE vote.author = post.author)",
        "vote JOIN (SELECT author, count(*) FROM post GROUP BY author) AS p "
            + "ON p.author = vote.author WHERE vote.author < 200",
    ];

    [Fact]
    public void A_condition_on_equal_columns_is_counted_once()
    {
        using var fixture = new QueryFixture([.. Tables, "ANALYZE"]);
        foreach (string query in Queries)
        {
            double error = QErrorOf(fixture, query);
            Assert.True(error <= 1.2, $"{query}: {error}");
        }
    }

    [Fact]
    public void A_condition_on_equal_columns_is_counted_once_without_bins()
    {
        using var fixture = new QueryFixture(Tables);
        Assert.InRange(
            QErrorOf(
                fixture,
                "vote AS a JOIN vote AS b ON a.author = b.author WHERE a.author < 50"),
            1,
            2);
    }

    [Fact]
    public void What_a_join_expects_of_a_range_stays_with_it()
    {
        using var fixture = new QueryFixture([.. Tables, "ANALYZE"]);
        string plan = string.Join('\n', fixture.Rows(
            "EXPLAIN SELECT count(*) FROM post JOIN vote ON vote.author = post.author "
            + "WHERE post.id BETWEEN 100 AND 200 AND post.kind < 5"));

        // So few rows are counted among all, as post is joined; each kind has as many.
        Assert.Contains("post.id [100, 200], filter: (kind < 5)  (about 51 rows", plan);
    }

    private static double QErrorOf(QueryFixture fixture, string query)
    {
        (double rows, double truth) = CountEstimate.Of(fixture, query);
        return Math.Max(rows, truth) / Math.Max(1, Math.Min(rows, truth));
    }
}
