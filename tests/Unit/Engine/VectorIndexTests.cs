namespace NeuroDb.Tests.Unit;

/// <summary>Indexes of vectors through SQL.</summary>
public sealed class VectorIndexTests : IDisposable
{
    private const int Dimension = 12;
    private readonly string _path =
        Path.Combine(Path.GetTempPath(), "neurostore-vector-" + Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData("vector_l2_ops", "<->")]
    [InlineData("vector_cosine_ops", "<=>")]
    [InlineData("vector_ip_ops", "<#>")]
    public void Answers_are_those_of_the_exact_search_but_for_the_recall(
        string operators, string sign)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 9_000, operators);
        Assert.Contains("search: by index", Explain(session, sign), StringComparison.Ordinal);
        Assert.Contains("lists probed", Explain(session, sign), StringComparison.Ordinal);
        Assert.Contains(
            "% of a thread's bandwidth", Explain(session, sign), StringComparison.Ordinal);
        int hits = 0;
        for (int i = 0; i < 40; i++)
        {
            long[] found = Nearest(session, sign, Vector(1_000_000 + i), "");
            session.Execute("SET ann = off");
            long[] exact = Nearest(session, sign, Vector(1_000_000 + i), "");
            session.Execute("SET ann = on");
            Assert.Equal(10, found.Length);
            hits += found.Intersect(exact).Count();
        }

        Assert.InRange(hits, 388, 400);
    }

    [Fact]
    public void The_vector_of_a_row_that_a_query_finds_is_searched_by_the_index_too()
    {
        const string Search =
            "SELECT id FROM items ORDER BY vec <-> (SELECT vec FROM items WHERE id = ?) LIMIT 10";
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        using ResultReader plan = session.Query("EXPLAIN " + Search, 77);
        var lines = new List<string>();
        while (plan.Read())
        {
            lines.Add(plan.GetString(0));
        }

        Assert.Contains(
            lines, line => line.Contains("search: by index", StringComparison.Ordinal));
        Assert.Equal(77L, session.QueryScalar<long>(Search, 77));
        using ResultReader found = session.Query(Search, 77);
        var ids = new List<long>();
        while (found.Read())
        {
            ids.Add(found.GetInt64(0));
        }

        Assert.Equal(Nearest(session, "<->", Vector(77), ""), ids);
    }

    [Fact]
    public void Rows_are_found_from_their_commit_on_and_gone_after_their_deletion()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        float[] query = Vector(77);
        Assert.Equal(77, Nearest(session, "<->", query, "")[0]);
        session.Execute("DELETE FROM items WHERE id = 77");
        Assert.DoesNotContain(77L, Nearest(session, "<->", query, ""));
        session.Execute("INSERT INTO items VALUES (100000, 1, ?)", query);
        Assert.Equal(100_000, Nearest(session, "<->", query, "")[0]);
        using Session other = database.OpenSession();
        session.Execute("BEGIN");
        session.Execute("UPDATE items SET vec = ? WHERE id = 100000", Vector(5));
        Assert.NotEqual(100_000, Nearest(session, "<->", query, "")[0]);
        Assert.Equal(100_000, Nearest(other, "<->", query, "")[0]);
        session.Execute("ROLLBACK");
        Assert.Equal(100_000, Nearest(session, "<->", query, "")[0]);
    }

    [Theory]
    [InlineData("part = 1", 10)]
    [InlineData("id < 2500", 10)]
    [InlineData("id IN (1, 2, 3)", 3)]
    [InlineData("id < 0", 0)]
    [InlineData("id % 1000 = 7", 5)]
    public void As_many_rows_come_as_pass_the_condition(string condition, int expected)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        long[] found = Nearest(session, "<->", Vector(9), "WHERE " + condition);
        session.Execute("SET ann = off");
        long[] exact = Nearest(session, "<->", Vector(9), "WHERE " + condition);
        Assert.Equal(expected, found.Length);
        Assert.True(found.Intersect(exact).Count() >= expected - 1);
    }

    [Fact]
    public void An_index_is_kept_with_its_segments_and_serves_after_opening()
    {
        float[] query = Vector(123);
        long[] before;
        using (NeuroStore database = NeuroStore.Open(_path))
        {
            using Session session = Fill(database, 9_000, "vector_l2_ops");
            session.Execute("CHECKPOINT");
            session.Execute("REINDEX INDEX items_vec");
            Assert.Contains("lists probed", Explain(session, "<->"), StringComparison.Ordinal);
            before = Nearest(session, "<->", query, "");
        }

        string file = Assert.Single(Directory.GetFiles(Path.Combine(_path, "seg"), "*.vec"));
        DateTime written = File.GetLastWriteTimeUtc(file);
        using (NeuroStore database = NeuroStore.Open(_path))
        {
            using Session session = database.OpenSession();
            Assert.Equal(before, Nearest(session, "<->", query, ""));
            Assert.Contains("lists probed", Explain(session, "<->"), StringComparison.Ordinal);
        }

        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
        byte[] damaged = File.ReadAllBytes(file);
        damaged[damaged.Length / 2] ^= 1;
        Assert.Empty(NeuroStore.Verify(_path));
        File.WriteAllBytes(file, damaged);
        Assert.Equal(file, Assert.Single(NeuroStore.Verify(_path)).FilePath);
        using (NeuroStore database = NeuroStore.Open(_path))
        {
            using Session session = database.OpenSession();
            Assert.Equal(before, Nearest(session, "<->", query, ""));
            session.Execute("REINDEX INDEX items_vec");
            Assert.Equal(before, Nearest(session, "<->", query, ""));
            session.Execute("DROP INDEX items_vec");
        }

        using (NeuroStore database = NeuroStore.Open(_path))
        {
            Assert.Empty(Directory.GetFiles(Path.Combine(_path, "seg"), "*.vec"));
        }
    }

    [Theory]
    [InlineData("(vec vector_l1_ops)", ErrorCode.NotSupported)]
    [InlineData("(vec vector_hamming_ops)", ErrorCode.NotSupported)]
    [InlineData("(part vector_l2_ops)", ErrorCode.NotSupported)]
    [InlineData("(any vector_l2_ops)", ErrorCode.NotSupported)]
    [InlineData("(vec) WITH (target_recall = 1.5)", ErrorCode.InvalidSetting)]
    [InlineData("(vec) WITH (target_recall = 0)", ErrorCode.InvalidSetting)]
    [InlineData("(vec) WITH (lists = 0)", ErrorCode.InvalidSetting)]
    [InlineData("(vec) WITH (lists = 65537)", ErrorCode.InvalidSetting)]
    [InlineData("(vec) WITH (colour = 1)", ErrorCode.InvalidSetting)]
    public void An_index_that_cannot_be_made_is_refused(string definition, ErrorCode expected)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (part INT, vec VECTOR(4), any VECTOR)");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"CREATE INDEX i ON t USING vector {definition}"));
        Assert.Equal(expected, error.Code);
    }

    [Fact]
    public void Bad_queries_are_refused_and_odd_ones_answered()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 4_500, "vector_cosine_ops");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => Nearest(session, "<=>", new float[Dimension + 1], ""));
        Assert.Equal(ErrorCode.DimensionMismatch, error.Code);
        var bad = new float[Dimension];
        bad[3] = float.NaN;
        error = Assert.ThrowsAny<NeuroStoreException>(() => Nearest(session, "<=>", bad, ""));
        Assert.Equal(ErrorCode.NonFiniteVector, error.Code);
        Assert.Equal(10, Nearest(session, "<=>", new float[Dimension], "").Length);
        using (ResultReader none = session.Query(
            "SELECT id FROM items ORDER BY vec <=> ? LIMIT 0", Vector(1)))
        {
            Assert.False(none.Read());
        }

        using ResultReader all = session.Query(
            "SELECT id FROM items ORDER BY vec <=> ? LIMIT 5000 OFFSET 4490", Vector(1));
        int count = 0;
        while (all.Read())
        {
            count++;
        }

        Assert.Equal(10, count);
        database.Execute("CREATE TABLE empty (vec VECTOR(3))");
        database.Execute("CREATE INDEX e ON empty USING vector (vec)");
        using ResultReader nothing = database.Query(
            "SELECT * FROM empty ORDER BY vec <-> '[1,2,3]' LIMIT 3");
        Assert.False(nothing.Read());
    }

    [Fact]
    public void A_column_that_is_added_later_and_a_temporary_table_may_have_an_index()
    {
        using NeuroStore database = NeuroStore.Open(_path);
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        session.Execute("CHECKPOINT");
        session.Execute("ALTER TABLE items ADD COLUMN other VECTOR(2)");
        session.Execute("CREATE INDEX added ON items USING vector (other)");
        session.Execute("REINDEX INDEX added");
        session.Execute("UPDATE items SET other = '[1,2]' WHERE id = 11");
        Assert.Equal(11L, session.QueryScalar<long>(
            "SELECT id FROM items ORDER BY other <-> '[1,2]' LIMIT 1"));
        Assert.Equal(10, Nearest(session, "<->", Vector(4), "").Length);
        session.Execute("CREATE TEMPORARY TABLE short (v VECTOR(2))");
        session.Execute("CREATE INDEX brief ON short USING vector (v)");
        session.Execute("INSERT INTO short VALUES ('[1,1]'), ('[2,2]')");
        Assert.Equal("[2,2]", session.QueryScalar<string>(
            "SELECT v::TEXT FROM short ORDER BY v <-> '[3,3]' LIMIT 1"));
    }

    [Fact]
    public void The_recall_of_an_index_is_told()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        using ResultReader report = session.Query(
            "SELECT * FROM ml.index_recall('items_vec', 60)");
        Assert.True(report.Read());
        Assert.Equal("items_vec", report.GetString(0));
        Assert.Equal(0.99, report.GetDouble(1));
        Assert.InRange(report.GetDouble(2), 0.97, 1);
        Assert.Equal(60, report.GetInt64(3));
        Assert.Equal(4096, report.GetInt64(4));
        Assert.InRange(report.GetDouble(5), 1, 100);
        Assert.InRange(report.GetDouble(6), 20, 4096);
        Assert.InRange(report.GetDouble(7), 10, 4096);
        Assert.True(report.GetDouble(8) > 1000 && report.GetDouble(9) > 0);
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => session.Query("SELECT * FROM ml.index_recall('items')").Read());
        Assert.Equal(ErrorCode.UnknownIndex, error.Code);
        error = Assert.ThrowsAny<NeuroStoreException>(
            () => session.Query("SELECT * FROM ml.index_recall('items_vec', -5)").Read());
        Assert.Equal(ErrorCode.NumericOutOfRange, error.Code);
    }

    [Fact]
    public void The_recall_of_an_index_is_that_of_rows_which_are_there()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        session.Execute("DELETE FROM items WHERE id % 2 = 0");
        using ResultReader report = session.Query(
            "SELECT recall, queries, rows FROM ml.index_recall('items_vec', 60)");
        Assert.True(report.Read());
        Assert.InRange(report.GetDouble(0), 0.97, 1);
        Assert.Equal(60, report.GetInt64(1));
        Assert.Equal(2048, report.GetInt64(2));
    }

    [Fact]
    public void Each_row_of_a_lateral_join_has_its_nearest()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_l2_ops");
        const string Join =
            "SELECT a.id, b.id FROM items a JOIN LATERAL (SELECT id FROM items "
            + "ORDER BY vec <-> a.vec LIMIT 3) b ON TRUE WHERE a.id < 20 ORDER BY a.id";
        var plan = new List<string>();
        using (ResultReader lines = session.Query("EXPLAIN ANALYZE " + Join))
        {
            while (lines.Read())
            {
                plan.Add(lines.GetString(0));
            }
        }

        Assert.Contains(plan, line => line.Contains("lists probed", StringComparison.Ordinal));
        using ResultReader pairs = session.Query(Join);
        var own = new HashSet<long>();
        int count = 0;
        while (pairs.Read())
        {
            count++;
            if (pairs.GetInt64(0) == pairs.GetInt64(1))
            {
                own.Add(pairs.GetInt64(0));
            }
        }

        Assert.Equal(60, count);
        Assert.Equal(20, own.Count);
    }

    [Fact]
    public void Rows_without_a_vector_come_last()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, 5_000, "vector_cosine_ops");
        session.Execute("UPDATE items SET vec = NULL WHERE id >= 3");
        long[] found = Nearest(session, "<=>", Vector(2), "");
        Assert.Equal(10, found.Length);
        Assert.Equal(2, found[0]);
        Assert.Equal([0, 1, 2], found[..3].Order());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private static Session Fill(NeuroStore database, int count, string operators)
    {
        database.Execute(
            $"CREATE TABLE items (id BIGINT PRIMARY KEY, part INT, vec VECTOR({Dimension}))");
        using (Appender appender = database.CreateAppender("items"))
        {
            for (int i = 0; i < count; i++)
            {
                appender.Append((long)i);
                appender.Append(i % 3);
                appender.Append(Vector(i).AsMemory());
                appender.EndRow();
            }

            appender.Complete();
        }

        Session session = database.OpenSession();
        session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
        session.Execute("REINDEX INDEX items_vec");
        return session;
    }

    private static string Explain(Session session, string sign)
    {
        var lines = new List<string>();
        using ResultReader result = session.Query(
            $"EXPLAIN ANALYZE SELECT id FROM items ORDER BY vec {sign} ? LIMIT 10", Vector(3));
        while (result.Read())
        {
            lines.Add(result.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private static long[] Nearest(
        Session session, string sign, float[] query, string condition)
    {
        var ids = new List<long>();
        using ResultReader result = session.Query(
            $"SELECT id FROM items {condition} ORDER BY vec {sign} ? LIMIT 10", query);
        while (result.Read())
        {
            ids.Add(result.GetInt64(0));
        }

        return [.. ids];
    }

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        var centre = new Random(seed % 60);
        var vector = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            vector[i] = (float)((centre.NextDouble() * 4) + random.NextDouble());
        }

        return vector;
    }
}
