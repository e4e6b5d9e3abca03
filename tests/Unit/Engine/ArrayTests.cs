using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Arrays through the API, and in the log and segments.</summary>
public sealed class ArrayTests
{
    private static readonly Guid Key = Guid.Parse("33221100-5544-7766-9988-aabbccddeeff");

    [Fact]
    public void Arrays_of_each_type_come_back()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        Back(session, new[] { 1, int.MinValue, int.MaxValue });
        Back(session, new[] { long.MinValue, 0L, long.MaxValue });
        Back(session, new[] { 0.5, double.NegativeInfinity, -1e300, double.NaN });
        Back(session, new[] { "a", "", "NULL", "x\0y", "\"{,}\\ ", "\U0001F600" });
        Back(session, new[] { true, false });
        Back(session, new[] { 1.5m, -0.0000001m, decimal.MaxValue, decimal.MinValue, 0m, 1000m });
        Back(session, new[] { Key, Guid.Empty });
        Back(session, new[] { new DateTime(2024, 2, 29, 1, 2, 3), DateTime.MinValue });
        Back(session, new[] { new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.Zero) });
        Back(session, new[] { new byte[] { 0, 0, 255 }, [] });
        Back(session, Array.Empty<long>());
        Back(session, new long?[] { 1, null, 3 });
        Back(session, new string?[] { null, "x" });
        Back(session, new List<int> { 3, 2, 1 });
        Assert.Equal([1L, 2L], session.QueryScalar<long[]>("SELECT ARRAY[1, 2]")!);
        Assert.Equal([1, 2], session.QueryScalar<List<long>>("SELECT ARRAY[1, 2]")!);
        Assert.Equal(
            [1, null], (IEnumerable<object?>)session.QueryScalar<object?[]>(
                "SELECT ARRAY[1, NULL]")!);
        Assert.Throws<InvalidCastException>(() =>
            session.QueryScalar<int[]>("SELECT ARRAY[1, NULL]"));
        Assert.Throws<InvalidCastException>(() => session.QueryScalar<Guid[]>("SELECT ARRAY[1]"));
    }

    [Fact]
    public void Arrays_of_arrays_come_back()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        Back(session, new int[][] { [1, 2], [], [3] });
        Back(session, new string?[][] { ["a", null], ["{b}"] });
        Back(session, new List<long[]> { new long[] { 7 }, Array.Empty<long>() });
        Back(session, new byte[][][] { [[0, 0], [255]], [] });
        using ResultReader reader = session.Query("SELECT [[1], NULL, [2, 3]], [[[0.5e0]]]");
        Assert.True(reader.Read());
        Assert.Equal(typeof(int[][]), reader.GetFieldType(0));
        Assert.Equal(new int[]?[] { [1], null, [2, 3] }, reader.GetValue(0));
        Assert.Equal(new double[][][] { [[0.5]] }, reader.GetValue(1));
        Assert.Equal([[1], null, [2, 3]], reader.GetFieldValue<List<int[]?>>(0));
        Assert.Equal(
            "{{5},{}}",
            session.QueryScalar<string>("SELECT ?::text", (object)new int[][] { [5], [] }));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<int[]>(0));
    }

    [Fact]
    public void A_field_of_an_array_is_an_array()
    {
        using var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT @ids || 9::BIGINT, ARRAY['a', NULL]";
        command.Parameters.Add(new NeuroParameter("@ids", new long[] { 7, 8 }));
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(typeof(long[]), reader.GetFieldType(0));
        Assert.Equal("BIGINT[]", reader.GetDataTypeName(0));
        Assert.Equal(new long[] { 7, 8, 9 }, reader.GetValue(0));
        Assert.Equal("{a,NULL}", reader.GetString(1));
        Assert.Equal(["a", null], (IEnumerable<string?>)reader.GetFieldValue<string?[]>(1));
    }

    [Fact]
    public void Arrays_come_back_from_log_and_segments_small_and_large()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "db");
        long[] large = [.. Enumerable.Range(0, 20_000).Select(i => (long)i)];
        for (int opening = 0; opening < 3; opening++)
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            if (opening == 0)
            {
                session.Execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, a BIGINT[], s TEXT[] UNIQUE)");
                for (int id = 0; id < 50; id++)
                {
                    session.Execute(
                        "INSERT INTO t VALUES (?, ?, ?)",
                        id,
                        id % 10 == 9 ? large : new long[] { id, -id },
                        id % 7 == 6 ? null : new string?[] { $"s{id}", null });
                }
            }

            using ResultReader reader = session.Query("SELECT id, a, s FROM t ORDER BY id");
            for (int id = 0; id < 50; id++)
            {
                Assert.True(reader.Read());
                Assert.Equal(
                    id % 10 == 9 ? large : [id, -id], reader.GetFieldValue<long[]>(1));
                Assert.Equal(id % 7 == 6, reader.IsNull(2));
            }

            Assert.Equal(3, session.QueryScalar<int>(
                "SELECT id FROM t WHERE s = ?", (object)new string?[] { "s3", null }));
            Assert.Equal(19_999, session.QueryScalar<long>("SELECT a[20000] FROM t WHERE id = 9"));
            session.Execute(opening == 0 ? "CHECKPOINT" : "VACUUM");
        }
    }

    [Fact]
    public void An_array_of_numbers_is_a_vector_where_one_is_expected()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE v (id INT PRIMARY KEY, v VECTOR(2), d DOUBLE PRECISION[])");
        session.Execute("INSERT INTO v VALUES (1, ?, ?)", new[] { 0.5, 2 }, new[] { 0.1, 2 });
        session.Execute("INSERT INTO v VALUES (2, ?, ?)", new[] { 5, 5 }, new[] { 0.5f, 2 });
        Assert.Equal([0.5f, 2], session.QueryScalar<float[]>("SELECT v FROM v WHERE id = 1")!);
        Assert.Equal([0.1, 2], session.QueryScalar<double[]>("SELECT d FROM v WHERE id = 1")!);
        Assert.Equal([0.5, 2], session.QueryScalar<double[]>("SELECT d FROM v WHERE id = 2")!);
        Assert.Equal(2, session.QueryScalar<int>(
            "SELECT id FROM v ORDER BY v <-> ? LIMIT 1", new[] { 4.0, 4.0 }));
    }

    [Fact]
    public void A_name_may_be_a_parameter_and_another_one_each_time()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE a (x INT, y TEXT); CREATE TABLE \"b \"\"c\" (x INT, y TEXT)");
        session.Execute("INSERT INTO a VALUES (1, 'one')");
        session.Execute("INSERT INTO \"b \"\"c\" VALUES (2, 'two')");
        T? Find<T>(object column, string table, int x) => session.QueryScalar<T>(
            "SELECT IDENTIFIER(?) FROM IDENTIFIER(?) AS t WHERE x = ?", column, table, x);
        Assert.Equal("one", Find<string>("y", "a", 1));
        Assert.Equal("two", Find<string>("y", "b \"c", 2));
        Assert.Equal(2, Find<int>("x", "b \"c", 2));
        Assert.Equal("one", Find<string>("y", "a", 1));
        NeuroStoreException unknown = Assert.Throws<NeuroStoreException>(() =>
            Find<string>("y", "a; DROP TABLE a", 1));
        Assert.Equal(ErrorCode.UnknownTable, unknown.Code);
        NeuroStoreException wrong = Assert.Throws<NeuroStoreException>(() =>
            Find<string>(5, "a", 1));
        Assert.Equal(ErrorCode.ParameterMismatch, wrong.Code);
        session.Execute("CREATE TABLE IDENTIFIER(?) (IDENTIFIER(?) INT)", "made", "n");
        Assert.Equal(0, session.QueryScalar<long>("SELECT count(n) FROM made"));
    }

    private static void Back<T>(Session session, T value)
        where T : class
    {
        Assert.Equal(value, session.QueryScalar<T>("SELECT ?", (object)value));
    }
}
