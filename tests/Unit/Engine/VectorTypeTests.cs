using System.Collections;
using static NeuroDb.Tests.Unit.VectorTypeFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>HALFVEC, INT8VEC and BITVEC through SQL: searches, parameters, files.</summary>
public sealed class VectorTypeTests : IDisposable
{
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

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
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
