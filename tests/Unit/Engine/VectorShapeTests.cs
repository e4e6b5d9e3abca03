namespace NeuroDb.Tests.Unit;

/// <summary>
/// Statements about distances that kernels answer, each beside the same over distances that were
/// computed before for all rows. Small whole numbers make ties frequent.
/// </summary>
public sealed class VectorShapeTests : IDisposable
{
    private const string Query = "'[3,1,2,5]'";
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();

    public VectorShapeTests()
    {
        _database.Execute(
            "CREATE TABLE rows (id INT PRIMARY KEY, g INT, vec VECTOR(4), half HALFVEC(4), "
            + "whole INT8VEC(4), bits BITVEC(9))");
        _database.Execute(
            "INSERT INTO rows SELECT i, i % 7, v, CAST(v AS HALFVEC(4)), CAST(v AS INT8VEC(4)), "
            + "CAST(x'0001'::BLOB AS BITVEC(9)) FROM (SELECT i, CAST(printf('[%d,%d,%d,%d]', "
            + "i * 7 % 11, i * 5 % 13, i % 3, i / 9 % 17) AS VECTOR(4)) AS v "
            + "FROM generate_series(1, 6000) AS s(i)) AS t");
        _database.Execute(
            "UPDATE rows SET bits = binary_quantize(array_cat(ARRAY[id % 2, id % 3, id % 5, "
            + "id % 7, id % 11 - 5], ARRAY[id % 13 - 6, 1, id % 4 - 1, id % 6 - 3])::VECTOR(9))");
        _database.Execute(
            "UPDATE rows SET vec = NULL, half = NULL, whole = NULL, bits = NULL "
            + "WHERE id % 97 = 0 OR g = 6");
        _database.Execute(
            "INSERT INTO rows (id, g, vec) VALUES (7001, 1, '[3e38,0,0,0]'), "
            + "(7002, 1, '[0,3e38,0,0]'), (7003, 2, '[0,0,0,0]'), (7004, NULL, '[1,1,1,1]')");
        _database.Execute("CREATE TABLE items AS SELECT * FROM rows ORDER BY id");
    }

    [Theory]
    [InlineData("vec <-> {0}")]
    [InlineData("vec <=> {0}")]
    [InlineData("vec <+> {0}")]
    [InlineData("half <-> {0}")]
    [InlineData("whole <-> {0}")]
    [InlineData("whole <=> {0}")]
    [InlineData("bits <~> '101010101'")]
    [InlineData("bits <%> '101010101'")]
    public void The_farthest_rows_are_those_of_a_sort(string distance)
    {
        distance = string.Format(null, distance, Query);
        foreach (string part in new[] { "1, 0", "9, 0", "40, 7", "700, 0", "5000, 1500" })
        {
            string[] limits = part.Split(", ");
            string bound = $"LIMIT {limits[0]} OFFSET {limits[1]}";
            foreach (string condition in new[] { "TRUE", "g = 3 OR id > 7000", "id = 97" })
            {
                string sql =
                    $"FROM items WHERE {condition} ORDER BY {distance} DESC, id {bound}";
                string fused = sql.Replace(", id LIMIT", " LIMIT", StringComparison.Ordinal);
                Assert.Contains(
                    "vector farthest",
                    string.Join('\n', Rows("EXPLAIN SELECT id " + fused)),
                    StringComparison.Ordinal);
                Assert.Equal(
                    Rows($"SELECT id FROM (SELECT id, {distance} AS d FROM items "
                        + $"WHERE {condition}) ORDER BY d IS NULL, d + 0.0 DESC, id {bound}"),
                    Rows("SELECT id " + fused));
            }
        }
    }

    [Theory]
    [InlineData("vec <#> {0} DESC")]
    [InlineData("similarity(vec, {0}, 'ip') ASC NULLS LAST")]
    [InlineData("vec <#> (SELECT vec FROM items WHERE id = 5) DESC")]
    [InlineData("vec <#> (SELECT vec FROM items WHERE id = 97) DESC")]
    public void The_farthest_rows_by_the_inner_product_are_the_nearest_to_the_opposite_vector(
        string order)
    {
        order = string.Format(null, order, Query);
        string distance = order[..(order.LastIndexOf(')') + 1)] is { Length: > 0 } call
            ? call
            : order[..^" DESC".Length];
        string direction = order[distance.Length..].Replace(
            " NULLS LAST", "", StringComparison.Ordinal);
        foreach (string from in new[]
        {
            "items WHERE TRUE", "items WHERE (g = 3 OR id > 7000)", "items WHERE id = 97",
            $"items WHERE {distance} < 40", "items JOIN rows USING (id, g, vec) WHERE g <> 2",
        })
        {
            string sql = $"FROM {from} AND id < 7001 ORDER BY {order}";
            Assert.Contains(
                "vector top",
                string.Join('\n', Rows($"EXPLAIN SELECT id {sql} LIMIT 40")),
                StringComparison.Ordinal);
            Assert.Equal(
                Rows($"SELECT d FROM (SELECT {distance} AS d FROM {from} AND id < 7001) "
                    + $"ORDER BY d IS NULL, d + 0.0 {direction} LIMIT 40 OFFSET 7"),
                Rows($"SELECT {distance} {sql} LIMIT 40 OFFSET 7"));
        }
    }

    [Theory]
    [InlineData("vec <-> {0}")]
    [InlineData("vec <=> {0}")]
    [InlineData("half <+> {0}")]
    [InlineData("whole <-> {0}")]
    [InlineData("bits <~> '101010101'")]
    public void Ranks_of_groups_count_all_ties(string distance)
    {
        distance = string.Format(null, distance, Query);
        foreach (string passes in new[]
        {
            "r = 1", "r <= 3", "r < 40", "4 >= r AND n > 1", "n <= 5", "r <= 2000",
            "r <= 9000000000",
        })
        {
            string Sql(string source, string order) =>
                "SELECT g, id, r, q FROM (SELECT id, g, "
                + $"rank() OVER (PARTITION BY g ORDER BY {order}) AS r, "
                + $"dense_rank() OVER (PARTITION BY g ORDER BY {order}) AS q, "
                + $"row_number() OVER (PARTITION BY g ORDER BY {order}) AS n FROM {source}) "
                + $"WHERE {passes} ORDER BY g, id";
            Assert.Contains(
                "for each g of items",
                string.Join('\n', Rows("EXPLAIN " + Sql("items", distance))),
                StringComparison.Ordinal);
            Assert.Equal(
                Rows(Sql(
                    $"(SELECT id, g, {distance} AS d FROM items)", "d + 0.0 NULLS LAST")),
                Rows(Sql("items", distance)));
        }
    }

    [Theory]
    [InlineData("vec <-> (SELECT vec FROM items WHERE id = 5) < 6", "l2")]
    [InlineData("vec <-> (SELECT vec FROM items WHERE id = 5) BETWEEN 2 AND 5.5", "l2")]
    [InlineData("2 < vec <-> {0} AND g < 4 AND vec <-> {0} <= 7.07", "l2")]
    [InlineData("vec <-> (SELECT vec FROM items WHERE id = 97) < 6", "l2")]
    [InlineData("vec <-> (SELECT vec FROM items WHERE id = -1) < 6", "l2")]
    [InlineData("bits <~> '101010101' < 4", "hamming")]
    public void Thresholds_count_by_the_codes_of_an_index(string condition, string metric)
    {
        condition = string.Format(null, condition, Query);
        string sql = $"SELECT count(*), min(id), max(id) FROM items WHERE {condition}";
        string[] expected = Rows(sql);
        _database.Execute(metric == "l2"
            ? "CREATE INDEX i ON items USING vector (vec)"
            : "CREATE INDEX i ON items USING vector (bits)");
        _database.Execute("REINDEX INDEX i");
        Assert.Contains(
            "search: through all codes of index i",
            string.Join('\n', Rows("EXPLAIN " + sql)),
            StringComparison.Ordinal);
        Assert.Equal(expected, Rows(sql));
    }

    [Theory]
    [InlineData("a.bits <~> b.bits < 2")]
    [InlineData("a.bits <~> b.bits <= b.g")]
    [InlineData("a.half <=> b.vec < 0.01")]
    [InlineData("a.whole <+> b.half <= 2")]
    public void Pairs_that_are_near_enough_are_those_of_a_product(string condition)
    {
        const string Sides = "(SELECT * FROM items WHERE id < 300) AS a";
        const string Others = "(SELECT * FROM items WHERE id BETWEEN 200 AND 800) AS b";
        string sql = $"SELECT a.id, b.id FROM {Sides} JOIN {Others} ON {condition} "
            + "ORDER BY a.id, b.id";
        Assert.Contains(
            "vector join",
            string.Join('\n', Rows("EXPLAIN " + sql)),
            StringComparison.Ordinal);
        Assert.Equal(
            Rows($"SELECT a.id, b.id FROM {Sides} JOIN {Others} ON CASE WHEN {condition} "
                + "THEN TRUE END ORDER BY a.id, b.id"),
            Rows(sql));
    }

    [Theory]
    [InlineData("pow(vec <-> {0}, 2)")]
    [InlineData("power(vec <-> {0}, 0.5) * 3")]
    [InlineData("(vec <-> {0}) ^ 2")]
    public void Powers_of_a_distance_are_ordered_by_it(string order)
    {
        order = string.Format(null, order, Query);
        string sql = $"SELECT id FROM items ORDER BY {order} NULLS LAST, id LIMIT 30";
        Assert.Contains(
            "vector top 30",
            string.Join('\n', Rows("EXPLAIN " + sql)),
            StringComparison.Ordinal);
        Assert.Equal(
            Rows($"SELECT id FROM items ORDER BY vec <-> {Query}, id LIMIT 30"), Rows(sql));
    }

    public void Dispose() => _database.Dispose();

    private string[] Rows(string sql)
    {
        var rows = new List<string>();
        using ResultReader reader = _database.Query(sql);
        while (reader.Read())
        {
            rows.Add(string.Join(
                ' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return [.. rows];
    }
}
