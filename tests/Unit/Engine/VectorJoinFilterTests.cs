namespace NeuroDb.Tests.Unit;

/// <summary>
/// The recall of an index where joins and subqueries are the condition: owners of chance, owners of
/// rows near the queries, and owners of rows far from them.
/// </summary>
public sealed class VectorJoinFilterTests : IDisposable
{
    private const int RowCount = 16_384;
    private const int OwnerCount = 2_048;
    private const int Dimension = 24;
    private const int QueryCount = 60;
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Session _session;
    private readonly ConditionRecall _recall;

    public VectorJoinFilterTests()
    {
        _database.Execute(
            "CREATE TABLE owners (id INT PRIMARY KEY, rank INT)");
        _database.Execute(
            "CREATE TABLE items (id INT PRIMARY KEY, chance INT, place INT, "
            + $"vec VECTOR({Dimension}))");
        _database.Execute(
            $"INSERT INTO owners SELECT i, i FROM generate_series(0, {OwnerCount - 1}) AS s(i)");
        _session = _database.OpenSession();
        _recall = new ConditionRecall(_session, Dimension, QueryCount);
        (float[][] vectors, int[] places) = _recall.Rows(RowCount);
        using (Appender appender = _session.CreateAppender("items"))
        {
            for (int row = 0; row < RowCount; row++)
            {
                appender.Append(row);
                appender.Append((int)((uint)row * 2654435769u % 1_000_003u % OwnerCount));
                appender.Append((int)((long)places[row] * OwnerCount / RowCount));
                appender.Append(vectors[row].AsMemory());
                appender.EndRow();
            }

            appender.Complete();
        }

        _session.Execute("CREATE INDEX items_vec ON items USING vector (vec)");
        _session.Execute("REINDEX INDEX items_vec");
    }

    [Theory]
    [InlineData("FROM items i JOIN owners o ON o.id = i.{0} WHERE {1}")]
    [InlineData("FROM items i WHERE i.{0} IN (SELECT o.id FROM owners o WHERE {1})")]
    [InlineData("FROM items i LEFT JOIN owners o ON o.id = i.{0} AND {1} WHERE o.id >= 0")]
    public void A_join_as_a_condition_costs_no_recall_and_no_rows(string form)
    {
        double without = _recall.Of("FROM items i");
        Assert.InRange(without, 0.985, 1);
        foreach (double share in new[] { 0.001, 0.01, 0.1, 0.5 })
        {
            int limit = (int)Math.Ceiling(OwnerCount * share);
            foreach ((string column, string condition) in (
                (string, string)[])
                [
                    ("chance", $"o.rank < {limit}"),
                    ("place", $"o.rank >= {OwnerCount - limit}"),
                    ("place", $"o.rank < {limit}"),
                ])
            {
                string from = string.Format(null, form, column, condition);
                double recall = _recall.Of(from);
                Assert.True(
                    recall >= without - 0.002, $"{from}: {recall}, without it {without}");
            }
        }
    }

    [Theory]
    [InlineData("FROM items i JOIN owners o ON o.id = i.place WHERE o.rank < 99 ORDER BY i.vec")]
    [InlineData("FROM items i WHERE EXISTS (SELECT 1 FROM owners o WHERE o.id = i.place "
        + "AND o.rank < 99) ORDER BY i.vec")]
    [InlineData("FROM (SELECT id, vec FROM items WHERE place < 9 "
        + "UNION ALL SELECT id, vec FROM items WHERE place > 9) AS i ORDER BY i.vec")]
    [InlineData("FROM items i, (SELECT id FROM owners ORDER BY rank LIMIT 9) o "
        + "WHERE o.id = i.chance ORDER BY i.vec")]
    public void EXPLAIN_shows_the_index_below_joins_and_unions(string from)
    {
        string plan = Explain($"SELECT i.id {from} <-> $1 LIMIT 5");
        Assert.Contains("vector top 5 of items.vec", plan, StringComparison.Ordinal);
        Assert.Contains("search: by index items_vec", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i.vec <-> $1, i.id DESC")]
    [InlineData("1 - (i.vec <-> $1) DESC")]
    [InlineData("10 / (0.5 + (i.vec <-> $1)) DESC, i.id")]
    [InlineData("sqrt(i.vec <-> $1) * 3 NULLS LAST")]
    public void EXPLAIN_shows_the_index_below_what_follows_the_distance(string order)
    {
        string plan = Explain($"SELECT i.id FROM items i ORDER BY {order} LIMIT 5");
        Assert.Contains("search: by index items_vec", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "SELECT id FROM items QUALIFY row_number() OVER (PARTITION BY place ORDER BY vec <-> $1) "
        + "<= 3",
        "vector top 3 for each place of items.vec")]
    [InlineData(
        "SELECT DISTINCT ON (chance) id FROM items ORDER BY chance, vec <-> $1",
        "vector top 1 for each chance of items.vec")]
    [InlineData(
        "SELECT a.id, b.id FROM items a JOIN items b ON a.vec <-> b.vec < 0.1 "
        + "WHERE a.vec <> $1 AND a.id < b.id",
        "vector join: (((vec <-> vec) < 0.1) AND")]
    [InlineData(
        "SELECT b.id FROM items a, items b WHERE a.id = 5 AND a.vec <> $1 "
        + "ORDER BY a.vec <-> b.vec LIMIT 4",
        "vector top 4 of items.vec")]
    public void EXPLAIN_shows_the_kernels_of_groups_pairs_and_joins(string sql, string expected) =>
        Assert.Contains(expected, Explain(sql), StringComparison.Ordinal);

    [Theory]
    [InlineData("i.vec <-> $1 NULLS FIRST")]
    [InlineData("1 - (i.vec <-> $1)")]
    [InlineData("(i.vec <-> $1) * (i.id - 3)")]
    [InlineData("1 / (i.vec <-> $1) DESC")]
    [InlineData("i.place, i.vec <-> $1")]
    public void An_order_that_the_nearest_rows_do_not_lead_is_no_search(string order)
    {
        string plan = Explain($"SELECT i.id FROM items i ORDER BY {order} LIMIT 5");
        Assert.DoesNotContain("vector top", plan, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    private string Explain(string sql)
    {
        var lines = new List<string>();
        using ResultReader reader = _session.Query("EXPLAIN " + sql, _recall.VectorOf(1));
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
