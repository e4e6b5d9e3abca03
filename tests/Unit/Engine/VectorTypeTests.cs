using System.Collections;

namespace NeuroDb.Tests.Unit;

/// <summary>HALFVEC, INT8VEC and BITVEC through SQL: searches, parameters, files.</summary>
public sealed class VectorTypeTests : IDisposable
{
    private const int Dimension = 37;
    private const int RowCount = 9_500;
    private const int IndexedCount = 4_500;
    private readonly string _path =
        Path.Combine(Path.GetTempPath(), "neurostore-types-" + Guid.NewGuid().ToString("N"));

    public static TheoryData<string, string[]> Types => new()
    {
        { "HALFVEC", ["<->", "<=>", "<#>", "<+>"] },
        { "INT8VEC", ["<->", "<=>", "<#>", "<+>"] },
        { "BITVEC", ["<~>", "<%>"] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void The_first_k_are_those_of_a_sort_in_memory_and_in_segments(
        string type, string[] signs)
    {
        using NeuroStore database = NeuroStore.Open(_path);
        using Session session = database.OpenSession();
        Fill(session, type);
        Check(session, type, signs);
        session.Execute("CHECKPOINT");
        session.Execute("DELETE FROM items WHERE id % 11 = 3");
        session.Execute(
            "INSERT INTO items SELECT id + 100000, part, vec FROM items WHERE id < 300");
        Check(session, type, signs);
    }

    [Theory]
    [InlineData("HALFVEC")]
    [InlineData("INT8VEC")]
    [InlineData("BITVEC")]
    public void Rows_come_back_after_opening(string type)
    {
        List<string> before;
        using (NeuroStore database = NeuroStore.Open(_path))
        {
            using Session session = database.OpenSession();
            Fill(session, type);
            session.Execute("CHECKPOINT");
            session.Execute("UPDATE items SET vec = NULL WHERE id = 4");
            before = All(session);
        }

        using NeuroStore again = NeuroStore.Open(_path);
        using Session reader = again.OpenSession();
        Assert.Equal(before, All(reader));
    }

    [Fact]
    public void Arrays_go_in_and_come_out()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (h HALFVEC(3), q INT8VEC(3), b BITVEC(10))");
        Half[] halves = [(Half)1.5, (Half)(-2), (Half)65504];
        sbyte[] bytes = [-128, 0, 127];
        var bits = new BitArray(new byte[] { 0x05, 0x02 }) { Length = 10 };
        session.Execute("INSERT INTO t VALUES (?, ?, ?)", halves, bytes, bits);
        session.Execute(
            "INSERT INTO t VALUES (?, ?, ?)",
            new ReadOnlyMemory<Half>(halves),
            new ReadOnlyMemory<sbyte>(bytes),
            new byte[] { 0x05, 0x02 });
        session.Execute("INSERT INTO t (h, q) VALUES (?, ?)",
            (float[])[1.5f, -2, 65504], (float[])[-128, 0, 127]);
        using (ResultReader reader = session.Query("SELECT h, q, b, CAST(b AS TEXT) FROM t"))
        {
            for (int i = 0; reader.Read(); i++)
            {
                Assert.Equal(halves, (Half[])reader.GetValue(0)!);
                Assert.Equal(bytes, (sbyte[])reader.GetValue(1)!);
                Assert.Equal([-128, 0, 127], reader.GetVector(1).ToArray());
                Assert.Equal(i < 2 ? "1010000001" : null, reader.IsNull(3) ? null
                    : reader.GetString(3));
            }
        }

        Assert.Equal(0.0, session.QueryScalar<double>(
            "SELECT h <-> ? FROM t LIMIT 1", (object)halves));
        Assert.Equal(127.5, session.QueryScalar<double>(
            "SELECT q <+> ? FROM t LIMIT 1", (float[])[-128, 0, -0.5f]));
        Assert.Equal(1.0, session.QueryScalar<double>(
            "SELECT b <~> ? FROM t LIMIT 1", (object)new byte[] { 0x04, 0x02 }));
        Assert.Equal(3.0, session.QueryScalar<double>(
            "SELECT b <~> ? FROM t LIMIT 1", new BitArray(10)));
        Code(ErrorCode.DimensionMismatch, "INSERT INTO t (b) VALUES (?)", new byte[] { 1, 0xF0 });
        Code(ErrorCode.DimensionMismatch, "INSERT INTO t (h) VALUES (?)", new Half[2]);
        Code(ErrorCode.NonFiniteVector, "INSERT INTO t (h) VALUES (?)", new[] { Half.NaN });
        Code(ErrorCode.NumericOutOfRange, "INSERT INTO t (h) VALUES (?)", (float[])[1e9f, 0, 0]);
        Code(ErrorCode.InvalidConversion, "INSERT INTO t (q) VALUES (?)", (float[])[.5f, 0, 0]);
        Code(ErrorCode.NumericOutOfRange, "INSERT INTO t (q) VALUES (?)", (float[])[128, 0, 0]);

        void Code(ErrorCode expected, string sql, object value) => Assert.Equal(
            expected,
            Assert.ThrowsAny<NeuroStoreException>(() => session.Execute(sql, value)).Code);
    }

    [Fact]
    public void A_large_column_gives_the_same_answers_however_often_it_is_searched()
    {
        const int Wide = 512;
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute(
            $"CREATE TABLE items (id BIGINT PRIMARY KEY, part INTEGER, vec VECTOR({Wide}))");
        var random = new Random(1);
        using (Appender appender = session.CreateAppender("items"))
        {
            for (int i = 0; i < 17_000; i++)
            {
                float[] vector = Row();
                appender.AppendRow((long)i, i % 2, vector);
            }

            appender.Complete();
        }

        for (int i = 0; i < 9; i++)
        {
            if (i == 6)
            {
                session.Execute("DELETE FROM items WHERE id % 7 = 3");
            }

            float[] query = Row();
            string where = i % 3 == 2 ? "WHERE part = 1" : "";
            Same(session, i % 2 == 0 ? "<->" : "<=>", where, query);
        }

        float[] Row()
        {
            var vector = new float[Wide];
            for (int i = 0; i < Wide; i++)
            {
                vector[i] = (float)random.NextDouble() - 0.5f;
            }

            return vector;
        }
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
    [InlineData("VECTOR", "<->", "vector_l2_ops", 11.5)]
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

    [Fact]
    public void An_appender_takes_vectors_of_every_type()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (h HALFVEC(2), q INT8VEC(2), b BITVEC(9))");
        using (Appender appender = session.CreateAppender("t"))
        {
            appender.AppendRow(
                new Half[] { (Half)1, (Half)2 }, new sbyte[] { 3, -4 }, new BitArray(9, true));
            appender.AppendRow((float[])[1, 2], (float[])[3, -4], new byte[] { 0xFF, 1 });
            appender.AppendRow(null, null, null);
            appender.Complete();
        }

        using ResultReader reader = session.Query(
            "SELECT CAST(h AS TEXT), CAST(q AS TEXT), CAST(b AS TEXT), count(*) FROM t "
            + "GROUP BY h, q, b ORDER BY count(*) DESC");
        Assert.True(reader.Read());
        Assert.Equal("[1,2]", reader.GetString(0));
        Assert.Equal("[3,-4]", reader.GetString(1));
        Assert.Equal("111111111", reader.GetString(2));
        Assert.Equal(2, reader.GetInt64(3));
    }

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

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private static void Fill(Session session, string type, int count = RowCount)
    {
        session.Execute($"CREATE TABLE items (id BIGINT PRIMARY KEY, part INTEGER, "
            + $"vec {type}({Dimension}))");
        using Appender appender = session.CreateAppender("items");
        for (int i = 0; i < count; i++)
        {
            appender.AppendRow(
                (long)i, i % 17, i % 40 == 7 ? null : VectorOf(type, i % 9_000));
        }

        appender.Complete();
    }

    // Few distinct elements, so that ties are many.
    private static object VectorOf(string type, int seed)
    {
        var random = new Random(seed);
        switch (type)
        {
            case "VECTOR":
                return Enumerable.Range(0, Dimension)
                    .Select(_ => random.Next(-8, 8) / 4f).ToArray();
            case "HALFVEC":
                return Enumerable.Range(0, Dimension)
                    .Select(_ => (Half)(random.Next(-8, 8) / 4.0)).ToArray();
            case "INT8VEC":
                return Enumerable.Range(0, Dimension)
                    .Select(_ => (sbyte)random.Next(-128, 128)).ToArray();
            default:
                var bits = new BitArray(Dimension);
                for (int i = 0; i < Dimension; i++)
                {
                    bits[i] = random.Next(3) == 0;
                }

                return bits;
        }
    }

    private static void Check(Session session, string type, string[] signs)
    {
        foreach (string sign in signs)
        {
            foreach (string where in (string[])["", "WHERE part = 3", "WHERE id < 20"])
            {
                object query = VectorOf(type, 20_000);
                Same(session, sign, where, query);
                if (type != "BITVEC")
                {
                    var random = new Random(3);
                    Same(session, sign, where, Enumerable.Range(0, Dimension)
                        .Select(_ => (float)random.NextDouble() * 20).ToArray());
                }
            }
        }
    }

    private static void Same(Session session, string sign, string where, object query)
    {
        string fast = $"SELECT id, vec {sign} ? FROM items {where} ORDER BY vec {sign} ? LIMIT 30";
        string slow = $"SELECT id, d FROM (SELECT id, vec {sign} ? AS d FROM items {where}) x "
            + $"ORDER BY d + ? NULLS LAST, id LIMIT 30";
        List<(long Id, double? Distance)> found = Rows(session, fast, query, query);
        List<(long Id, double? Distance)> sorted = Rows(session, slow, query, 0.0);
        Assert.Equal(
            sorted.Select(static row => row.Distance).Order(), found.Select(
                static row => row.Distance).Order());
        Assert.Equal(
            sorted.Where(row => row.Distance < sorted[^1].Distance)
                .Select(static row => row.Id).Order(),
            found.Where(row => row.Distance < sorted[^1].Distance)
                .Select(static row => row.Id).Order());
    }

    private static List<(long Id, double? Distance)> Rows(
        Session session, string sql, params object[] parameters)
    {
        var rows = new List<(long, double?)>();
        using ResultReader reader = session.Query(sql, parameters);
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.IsNull(1) ? null : reader.GetDouble(1)));
        }

        return rows;
    }

    private static List<string> Explain(
        Session session, string sql, object query, params object[] rest)
    {
        var lines = new List<string>();
        using ResultReader reader = session.Query("EXPLAIN " + sql, [query, query, .. rest]);
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    private static List<string> All(Session session)
    {
        var rows = new List<string>();
        using ResultReader reader = session.Query(
            "SELECT id || ':' || COALESCE(CAST(vec AS TEXT), 'none') FROM items ORDER BY id");
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
