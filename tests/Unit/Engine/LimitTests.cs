using System.Globalization;
using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>Each limit: just within it works, just beyond it is a typed error.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_table_has_at_most_so_many_columns()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"CREATE TABLE most ({Columns(Limits.ColumnCountMax)})");
        AssertLimit(
            database, $"CREATE TABLE more ({Columns(Limits.ColumnCountMax + 1)})");
    }

    [Fact]
    public void A_result_has_at_most_so_many_columns()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        string most = string.Join(',', Enumerable.Repeat("1", Limits.ColumnCountMax));
        using (ResultReader reader = database.Query($"SELECT {most}"))
        {
            Assert.Equal(Limits.ColumnCountMax, reader.FieldCount);
        }

        AssertLimit(database, $"SELECT {most}, 1");
    }

    [Fact]
    public void A_statement_has_at_most_so_many_parameters()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        string list = string.Join(',', Enumerable.Repeat("?", Limits.ParameterCountMax));
        var values = new object?[Limits.ParameterCountMax + 1];
        Array.Fill(values, 1);
        Assert.Equal(
            1, database.QueryScalar<long>($"SELECT 1 WHERE 1 IN ({list})", values.AsSpan(1)));
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"SELECT 1 WHERE 1 IN ({list}, ?)", values));
        Assert.Equal(ErrorCode.ResourceLimit, error.Code);
    }

    [Fact]
    public void A_vector_has_at_most_so_many_elements()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"CREATE TABLE v (a VECTOR({Limits.VectorDimensionMax}))");
        database.Execute("INSERT INTO v VALUES (?)", new float[Limits.VectorDimensionMax]);
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"CREATE TABLE w (a VECTOR({Limits.VectorDimensionMax + 1}))"));
        Assert.NotEqual(ErrorCode.InvariantBroken, error.Code);
    }

    [Fact]
    public void A_name_has_at_most_so_many_characters()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"CREATE TABLE {new string('n', Limits.NameLengthMax)} (a INTEGER)");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(() => database.Execute(
            $"CREATE TABLE {new string('n', Limits.NameLengthMax + 1)} (a INTEGER)"));
        Assert.NotEqual(ErrorCode.InvariantBroken, error.Code);
    }

    [Fact]
    public void A_query_joins_at_most_so_many_tables()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE o (a INTEGER); INSERT INTO o VALUES (1)");
        string most = string.Join(", ", Enumerable.Range(
            0, Limits.JoinedTableCountMax).Select(i => $"o o{i}"));
        Assert.Equal(1, database.QueryScalar<long>($"SELECT count(*) FROM {most}"));
        AssertLimit(database, $"SELECT count(*) FROM {most}, o more");
    }

    [Fact]
    public void A_value_has_at_most_so_many_bytes()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE s (a BLOB)");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(() => database.Execute(
            "INSERT INTO s VALUES (?)", new byte[Limits.ValueSizeBytesMax + 1]));
        Assert.Equal(ErrorCode.ResourceLimit, error.Code);
        Assert.Equal(0, database.QueryScalar<long>("SELECT count(*) FROM s"));
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("- ", "1", "")]
    [InlineData("NOT ", "TRUE", "")]
    [InlineData("abs(", "1", ")")]
    [InlineData("(SELECT ", "1", ")")]
    [InlineData("CASE WHEN TRUE THEN ", "1", " END")]
    [InlineData("1 + (", "1", ")")]
    [InlineData("CAST(", "1", " AS INTEGER)")]
    public void Nesting_beyond_the_limit_is_an_error(string open, string core, string close)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        foreach (int depth in (int[])[20_000, 400, 100])
        {
            var sql = new StringBuilder("SELECT ");
            sql.Insert(sql.Length, open, depth).Append(core);
            sql.Insert(sql.Length, close, depth);
            Exception? error = Record.Exception(() => database.Execute(sql.ToString()));
            Assert.True(
                error is null || ((NeuroStoreException)error).Code == ErrorCode.NestingTooDeep,
                error?.ToString());
            Assert.True(depth < 20_000 || error is not null);
        }
    }

    [Fact]
    public void Long_chains_of_operators_are_evaluated_or_refused()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        foreach (string link in (string[])[" + 1", " OR TRUE", " || 'x'", " AND TRUE"])
        {
            var sql = new StringBuilder("SELECT count(*) FROM (SELECT 1 AS n) t WHERE (n");
            sql.Insert(sql.Length, link, 50_000).Append(") IS NOT NULL");
            Exception? error = Record.Exception(() => database.Execute(sql.ToString()));
            Assert.True(
                error is null or NeuroStoreException
                {
                    Code: ErrorCode.NestingTooDeep or ErrorCode.TypeMismatch,
                },
                error?.ToString());
        }
    }

    [Fact]
    public void Sorting_and_grouping_take_a_million_rows()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE d (n INTEGER)");
        database.Execute(
            "INSERT INTO d VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
        const string Million =
            "SELECT a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n + 100000 * g.n AS x "
            + "FROM d a, d b, d c, d e, d f, d g";
        Assert.Equal(
            999_998,
            database.QueryScalar<long>(
                $"SELECT x FROM ({Million}) m ORDER BY x DESC LIMIT 1 OFFSET 1"));
        Assert.Equal(
            1_000_000,
            database.QueryScalar<long>(
                $"SELECT count(*) FROM (SELECT x, count(*) FROM ({Million}) m GROUP BY x) g"));
    }

    private static string Columns(int count) => string.Join(
        ',',
        Enumerable.Range(0, count).Select(
            i => string.Create(CultureInfo.InvariantCulture, $"c{i} INTEGER")));

    private static void AssertLimit(NeuroStore database, string sql) => Assert.Equal(
        ErrorCode.ResourceLimit,
        Assert.ThrowsAny<NeuroStoreException>(() => database.Execute(sql)).Code);
}
