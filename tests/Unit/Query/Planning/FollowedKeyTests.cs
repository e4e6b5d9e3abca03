namespace NeuroDb.Tests.Unit;

/// <summary>Estimates of joins along keys that are followed from row to row.</summary>
public sealed class FollowedKeyTests
{
    private static readonly string[] Tables =
    [
        "CREATE TABLE author (id BIGINT PRIMARY KEY, kind BIGINT, name TEXT)",
        "CREATE TABLE post (id BIGINT PRIMARY KEY, author BIGINT, kind BIGINT)",
        "CREATE TABLE link (id BIGINT PRIMARY KEY, source BIGINT, target BIGINT, weight BIGINT)",
        "CREATE TABLE badge (id BIGINT PRIMARY KEY, author BIGINT)",
        "INSERT INTO author SELECT i, i % 50, 'a' || i FROM generate_series(1, 10000) AS g(i)",
        // A post is of the kind of its author; some have none, or one who is gone.
        "INSERT INTO post SELECT i, CASE WHEN i % 7 > 0 THEN i * 13 % 10100 END, "
            + "i * 13 % 10100 % 50 FROM generate_series(1, 60000) AS g(i)",
        "INSERT INTO link SELECT i, i * 17 % 60000, i * 29 % 60000, i % 20 "
            + "FROM generate_series(1, 20000) AS g(i)",
        "INSERT INTO badge SELECT i, i * i % 10000 FROM generate_series(1, 30000) AS g(i)",
        "ANALYZE",
    ];

    [Theory]
    [InlineData("post, author WHERE post.author = author.id AND post.kind = 7 AND author.kind = 7")]
    [InlineData("post, author WHERE post.author = author.id AND post.kind = 7 AND author.kind = 8")]
    [InlineData("post, author WHERE post.author = author.id AND author.kind = 3")]
    [InlineData("link, post, author WHERE link.source = post.id AND post.author = author.id "
        + "AND author.kind = 9 AND post.kind = 9")]
    [InlineData("link, post, author WHERE link.source = post.id AND post.author = author.id "
        + "AND author.kind = 9 AND post.kind >= 9 AND link.weight < 5")]
    [InlineData("link, post, author, badge WHERE link.target = post.id "
        + "AND post.author = author.id AND badge.author = author.id "
        + "AND author.kind = 9 AND post.kind = 9")]
    [InlineData("link, post, badge WHERE link.target = post.id "
        + "AND badge.author = post.author AND post.kind = 9 AND link.weight = 3")]
    [InlineData("link AS a, link AS b, post WHERE a.source = post.id AND b.target = post.id "
        + "AND post.kind = 9 AND a.weight = 1")]
    public void What_rows_on_both_sides_of_a_key_have_in_common_is_seen(string query)
    {
        using var fixture = new QueryFixture(Tables);
        AssertClose(fixture, query);
    }

    [Fact]
    public void A_key_is_followed_to_rows_that_came_after_the_sample()
    {
        using var fixture = new QueryFixture(Tables);
        const string Query = "post, author WHERE post.author = author.id AND post.kind = 7 "
            + "AND author.kind = 7";
        AssertClose(fixture, Query);
        fixture.Rows("INSERT INTO author VALUES (20000, 7, 'new')");
        AssertClose(fixture, Query);
        fixture.Rows("ANALYZE author");
        AssertClose(fixture, Query);
        fixture.Rows("CHECKPOINT");
        AssertClose(fixture, Query);
    }

    private static void AssertClose(QueryFixture fixture, string query)
    {
        (double rows, double truth) = CountEstimate.Of(fixture, query);
        Assert.InRange(rows / Math.Max(1, truth), 0.75, 1.35);
    }
}
