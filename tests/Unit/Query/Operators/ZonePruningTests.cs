namespace NeuroDb.Tests.Unit;

/// <summary>Chunks that zone maps leave out, as EXPLAIN ANALYZE counts them.</summary>
public sealed class ZonePruningTests
{
    [Theory]
    [InlineData("a >= 11000", 2, 1000)]
    [InlineData("a < 100 OR a > 11998", 0, 101)]
    [InlineData("a = 5000 AND n IS NOT NULL", 2, 0)]
    [InlineData("n IS NULL", 1, 6000)]
    [InlineData("t > 'k11999'", 3, 0)]
    [InlineData("a + 0 >= 11000", 0, 1000)]
    public void Chunks_without_a_row_are_skipped(string condition, int skipped, int rows)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        database.Execute("CREATE TABLE z (a BIGINT, n INTEGER, t TEXT)");
        database.Execute(
            "INSERT INTO z SELECT g, CASE WHEN g < 6000 THEN NULL ELSE g END, "
            + "'k' || lpad(CAST(g AS TEXT), 5, '0') FROM generate_series(0, 11999) AS s(g)");
        database.Execute("CHECKPOINT");
        using Session session = database.OpenSession();
        string plan = Text(session, $"EXPLAIN ANALYZE SELECT a FROM z WHERE {condition}");
        Assert.Contains($"actual {rows} rows", plan, StringComparison.Ordinal);
        Assert.Equal(
            skipped > 0,
            plan.Contains($", {skipped} chunks skipped", StringComparison.Ordinal));
    }

    private static string Text(Session session, string sql)
    {
        var lines = new List<string>();
        using ResultReader reader = session.Prepare(sql).Query();
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
