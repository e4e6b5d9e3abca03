using static NeuroDb.Tests.Unit.VectorTypeFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Indexes, joins and thresholds on vectors of every type.</summary>
public sealed class VectorTypeSearchTests : IDisposable
{
    private readonly string _path =
        Path.Combine(Path.GetTempPath(), "neurostore-types-" + Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData("HALFVEC", "<=>", "halfvec_cosine_ops")]
    [InlineData("INT8VEC", "<->", "")]
    [InlineData("BITVEC", "<~>", "")]
    public void An_index_finds_what_the_exact_search_finds_but_for_the_recall(
        string type, string sign, string operators)
    {
        using (NeuroStore database = NeuroStore.Open(_path))
        {
            using Session session = database.OpenSession();
            Fill(session, type, IndexedCount);
            session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
            session.Execute("CHECKPOINT");
            session.Execute("REINDEX INDEX items_vec");
            Compare(session);
            session.Execute("DELETE FROM items WHERE id % 11 = 3");
            session.Execute(
                "INSERT INTO items SELECT id + 100000, part, vec FROM items WHERE id < 300");
            Compare(session);
        }

        using NeuroStore again = NeuroStore.Open(_path);
        using Session reader = again.OpenSession();
        Compare(reader);

        void Compare(Session session)
        {
            double hits = 0;
            for (int i = 0; i < 20; i++)
            {
                string sql = $"SELECT id, vec {sign} ? FROM items ORDER BY vec {sign} ? LIMIT 10";
                object query = VectorOf(type, i * 31);
                if (i == 0)
                {
                    Assert.Contains(
                        Explain(session, sql, query),
                        line => line.Contains("search: by index", StringComparison.Ordinal));
                }

                List<(long Id, double? Distance)> found = Rows(session, sql, query, query);
                session.Execute("SET ann = off");
                List<(long Id, double? Distance)> exact = Rows(session, sql, query, query);
                session.Execute("SET ann = on");
                hits += found.Count(row => row.Distance <= exact[^1].Distance);
            }

            Assert.InRange(hits, 190, 200);
        }
    }

    [Theory]
    [InlineData("CREATE INDEX ON t USING vector (b vector_l2_ops)")]
    [InlineData("CREATE INDEX ON t USING vector (b bit_jaccard_ops)")]
    [InlineData("CREATE INDEX ON t USING vector (h bit_hamming_ops)")]
    [InlineData("CREATE INDEX ON t USING vector (free)")]
    [InlineData("CREATE INDEX ON t (h)")]
    public void An_index_that_cannot_serve_is_refused(string sql)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (b BITVEC(9), h HALFVEC(3), free INT8VEC)");
        Assert.Equal(
            ErrorCode.NotSupported,
            Assert.ThrowsAny<NeuroStoreException>(() => session.Execute(sql)).Code);
    }

    [Theory]
    [InlineData("VECTOR", "<->", false)]
    [InlineData("VECTOR", "<=>", true)]
    [InlineData("HALFVEC", "<->", false)]
    [InlineData("INT8VEC", "<+>", false)]
    [InlineData("BITVEC", "<~>", true)]
    public void A_join_with_the_nearest_gives_what_a_search_for_each_row_gives(
        string type, string sign, bool isIndexed)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        Fill(session, type, IndexedCount);
        if (isIndexed)
        {
            string operators = sign == "<=>" ? "vector_cosine_ops" : "";
            session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
            session.Execute("REINDEX INDEX items_vec");
        }

        foreach (string where in (string[])["", "WHERE part = 3", "WHERE id < 2"])
        {
            string nearest = $"SELECT id, vec {sign} a.vec AS d FROM items {where} "
                + $"ORDER BY vec {sign} a.vec LIMIT 3 OFFSET 1";
            var joined = new List<(long Left, long? Id, double? Distance)>();
            using (ResultReader reader = session.Query(
                $"SELECT a.id, b.id, b.d FROM items a LEFT JOIN LATERAL ({nearest}) b ON TRUE "
                + "WHERE a.id < 24"))
            {
                while (reader.Read())
                {
                    joined.Add((
                        reader.GetInt64(0),
                        reader.IsNull(1) ? null : reader.GetInt64(1),
                        reader.IsNull(2) ? null : reader.GetDouble(2)));
                }
            }

            for (long left = 0; left < 24; left++)
            {
                string single = $"SELECT id, vec {sign} q AS d FROM items, "
                    + $"(SELECT vec AS q FROM items WHERE id = {left}) x {where} "
                    + $"ORDER BY d NULLS LAST, id LIMIT 3 OFFSET 1";
                List<(long Id, double? Distance)> expected = Rows(session, single);
                double?[] found = [.. joined.Where(row => row.Left == left && row.Id is not null)
                    .Select(static row => row.Distance)];
                if (isIndexed)
                {
                    Assert.Equal(expected.Count, found.Length);
                }
                else
                {
                    Assert.Equal(expected.Select(static row => row.Distance), found);
                }
            }
        }
    }

    [Theory]
    [InlineData("VECTOR", "<->", "vector_l2_ops", 7.5)]
    [InlineData("HALFVEC", "<=>", "halfvec_cosine_ops", 0.8)]
    [InlineData("BITVEC", "<~>", "bit_hamming_ops", 12)]
    public void Rows_within_a_distance_are_those_of_the_scan(
        string type, string sign, string operators, double bound)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        Fill(session, type, IndexedCount);
        session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
        session.Execute("REINDEX INDEX items_vec");
        session.Execute("DELETE FROM items WHERE id % 11 = 3");
        session.Execute(
            "INSERT INTO items SELECT id + 100000, part, vec FROM items WHERE id < 300");
        long found = 0;
        for (int i = 0; i < 20; i++)
        {
            string where = i % 2 == 0 ? "" : " AND part = 5";
            string sql = $"SELECT id, vec {sign} ? FROM items WHERE vec {sign} ? < ?{where}";
            object query = VectorOf(type, i * 31);
            if (i == 0)
            {
                Assert.Contains(
                    Explain(session, sql, query, bound),
                    line => line.Contains("through all codes", StringComparison.Ordinal));
            }

            List<(long Id, double? Distance)> rows = Rows(session, sql, query, query, bound);
            session.Execute("SET ann = off");
            Assert.Equal(Rows(session, sql, query, query, bound), rows);
            session.Execute("SET ann = on");
            found += rows.Count;
        }

        Assert.InRange(found, 20, 30_000);
        object one = VectorOf(type, 5);
        string near = $"FROM items WHERE vec {sign} ? < ?";
        long count = session.QueryScalar<long>($"SELECT count(*) {near}", one, 0.5);
        Assert.Equal(count, session.Execute($"DELETE {near}", one, 0.5));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
