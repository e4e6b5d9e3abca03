using System.Collections;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>ENUM, STRUCT, MAP, BIT and domains through the API, and in the log and segments.
/// </summary>
public sealed class NestedTypeTests
{
    [Fact]
    public void Each_type_is_read_as_its_counterpart()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
        using ResultReader reader = session.Query(
            "SELECT 'ok'::mood, {'a': 1, 'b': ['x']}, MAP {1: 'one'}, B'101', (1, NULL), "
            + "ARRAY['ok'::mood], [{'a': 2}], ARRAY[INTERVAL '1 day']");
        Assert.True(reader.Read());
        Assert.Equal("ok", reader.GetValue(0));
        Assert.Equal(["sad", "ok"], reader.GetDataType(0).Labels);
        var fields = reader.GetFieldValue<Dictionary<string, object?>>(1);
        Assert.Equal(1, fields["a"]);
        Assert.Equal(new[] { "x" }, fields["b"]);
        Assert.Equal(
            [new("a", DataType.Integer), new("b", DataType.ArrayOf(DataType.Text))],
            reader.GetDataType(1).Fields);
        Assert.Equal("one", reader.GetFieldValue<Dictionary<object, object?>>(2)[1]);
        Assert.Equal("101", reader.GetValue(3));
        Assert.Equal([true, false, true], reader.GetFieldValue<BitArray>(3).Cast<bool>());
        Assert.Equal(1, reader.GetFieldValue<IReadOnlyDictionary<string, object?>>(1)["a"]);
        Assert.Throws<InvalidCastException>(() =>
            reader.GetFieldValue<Dictionary<string, object?>>(2));
        Assert.Equal("(1,)", reader.GetString(4));
        Assert.Null(((IDictionary)reader.GetValue(4)!)["f2"]);
        Assert.Equal(new[] { "ok" }, reader.GetValue(5));
        Assert.Equal(2, ((IDictionary[])reader.GetValue(6)!)[0]["a"]);
        Assert.Equal(new[] { TimeInterval.Parse("1 day") }, reader.GetValue(7));
    }

    [Fact]
    public void Fields_name_their_types()
    {
        using var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT {'a': 1}, MAP {1: 2}, B'1'::BIT(1), 'x'::ENUM('x')";
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("STRUCT(a INTEGER)", reader.GetDataTypeName(0));
        Assert.Equal(typeof(Dictionary<string, object?>), reader.GetFieldType(0));
        Assert.Equal("MAP(INTEGER, INTEGER)", reader.GetDataTypeName(1));
        Assert.Equal(typeof(Dictionary<object, object?>), reader.GetFieldType(1));
        Assert.Equal("BIT(1)", reader.GetDataTypeName(2));
        Assert.Equal(typeof(string), reader.GetFieldType(2));
        Assert.Equal("ENUM('x')", reader.GetDataTypeName(3));
        Assert.Equal("x", reader.GetString(3));
    }

    [Fact]
    public void Texts_and_dictionaries_are_parameters()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
        session.Execute("CREATE TABLE t (m mood, s STRUCT(a BIGINT, b TEXT), p MAP(INT, TEXT))");
        session.Execute(
            "INSERT INTO t VALUES (?, ?, ?)",
            "ok",
            new Dictionary<string, object?> { ["b"] = "x", ["a"] = 5 },
            new Dictionary<int, string> { [1] = "one" });
        Assert.Equal(5L, session.QueryScalar<long>("SELECT s.a FROM t WHERE m = ?", "ok"));
        Assert.Equal("one", session.QueryScalar<string>("SELECT p[?] FROM t", 1));
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(() =>
            session.QueryScalar<long>("SELECT s.a FROM t WHERE m = ?", "angry"));
        Assert.Equal(ErrorCode.InvalidText, error.Code);
        using (Appender appender = session.CreateAppender("t"))
        {
            appender.AppendRow("sad", "{'a': 1, 'b': y}", "{2=two}");
            appender.Complete();
        }

        Assert.Equal("y", session.QueryScalar<string>("SELECT s.b FROM t ORDER BY m LIMIT 1"));
    }

    [Fact]
    public void Types_and_values_come_back_from_log_and_segments()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "db");
        for (int opening = 0; opening < 4; opening++)
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            if (opening == 0)
            {
                session.Execute(
                    "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN few AS INT CHECK "
                    + "(VALUE < 100); CREATE TYPE pair AS (x mood, y INT); CREATE TABLE t (id "
                    + "few PRIMARY KEY, m mood, p pair, k MAP(TEXT, pair[]), b BIT(4) UNIQUE); "
                    + "CREATE INDEX ON t (m)");
            }

            // The label that is there from the second opening on stands behind the others.
            if (opening == 1)
            {
                session.Execute("ALTER TYPE mood ADD VALUE 'great'");
            }

            if (opening == 2)
            {
                session.Execute("ALTER TYPE mood ADD VALUE 'fair' BEFORE 'ok'");
            }

            string newest = new[] { "ok", "great", "fair", "fair" }[opening];
            for (int i = 0; i < 10; i++)
            {
                int id = (opening * 10) + i;
                session.Execute(
                    "INSERT INTO t VALUES (?, ?, ROW(?, ?), MAP {'k': ARRAY[ROW('sad', 1)]}, "
                    + "?::INT::BIT(4))",
                    id,
                    i % 2 == 0 ? "sad" : newest,
                    newest,
                    id,
                    opening < 1 ? i : null);
            }

            Assert.Equal(
                (opening + 1) * 5,
                session.QueryScalar<int>("SELECT count(*) FROM t WHERE m = 'sad'"));
            Assert.Equal(
                opening == 0 ? "ok" : "great",
                session.QueryScalar<string>("SELECT max(m)::text FROM t"));
            Assert.Equal(
                newest,
                session.QueryScalar<string>(
                    "SELECT (p).x::text FROM t WHERE id = ?", (opening * 10) + 1));
            Assert.Equal(1, session.QueryScalar<int>("SELECT (k['k'])[1].y FROM t WHERE id = 3"));
            Assert.Equal("sad", session.QueryScalar<string>(
                "SELECT (k['k'])[1].x::text FROM t WHERE id = 3"));
            Assert.Equal(5, session.QueryScalar<int>("SELECT id FROM t WHERE b = B'0101'"));
            ConstraintException refused = Assert.Throws<ConstraintException>(() =>
                session.Execute("INSERT INTO t (id) VALUES (100)"));
            Assert.Equal(ErrorCode.CheckViolation, refused.Code);
            session.Execute(opening % 2 == 0 ? "CHECKPOINT" : "VACUUM");
        }
    }

    [Fact]
    public void Rows_of_nested_types_go_to_files_and_back()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "rows");
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute(
            "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (m mood, s STRUCT(a INT, b "
            + "TEXT), k MAP(TEXT, INT), b BIT VARYING, i INTERVAL[]); INSERT INTO t VALUES ('ok', "
            + "{'a': 1, 'b': 'x, ''y''\n{'}, MAP {'k,': 1}, B'101', ARRAY[INTERVAL '1 day']), "
            + "(NULL, NULL, NULL, NULL, NULL), ('sad', ROW(NULL, ''), MAP {}, B'', '{}')");
        foreach (string format in new[] { "csv", "jsonl" })
        {
            session.Execute($"COPY t TO '{file}.{format}' WITH (format {format})");
            session.Execute($"CREATE TABLE {format} (LIKE t)");
            session.Execute($"COPY {format} FROM '{file}.{format}' WITH (format {format})");
            Assert.Equal(0, session.QueryScalar<int>(
                $"SELECT count(*) FROM (SELECT * FROM t EXCEPT SELECT * FROM {format}) d"));
            Assert.Equal(3, session.QueryScalar<int>($"SELECT count(*) FROM {format}"));
        }
    }

    [Fact]
    public void Many_groups_of_nested_values_spill_and_sort()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("SET operator_memory = 65536");
        Assert.Equal("{'n': 19999, 'm': {19999=x}}", session.QueryScalar<string>(
            "SELECT (max(s))::text FROM (SELECT s, count(*) c FROM (SELECT {'n': n, 'm': MAP {n: "
            + "'x'}} AS s FROM generate_series(0, 19999) g(n)) a GROUP BY s ORDER BY s) b"));
        Assert.Equal(20_000, session.QueryScalar<int>(
            "SELECT count(*) FROM (SELECT DISTINCT (n, n % 7) FROM generate_series(0, 19999) "
            + "g(n)) a"));
    }
}
