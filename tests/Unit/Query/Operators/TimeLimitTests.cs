using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// How often statements look whether they are to stop, by a clock that goes on with each look: a
/// statement that runs n looks ends at a limit of every number below n, and leaves no trace.
/// </summary>
public sealed class TimeLimitTests : IDisposable
{
    private const int RowCount = 70_000;

    private readonly ManualClock _clock = new();
    private readonly QueryEngine _engine;
    private readonly QuerySession _session;

    public TimeLimitTests()
    {
        _engine = QueryEngine.Open(
            SystemSeams.Real() with { Clock = _clock, Workers = new InlineWorkers() },
            null,
            new QueryEngineOptions());
        _session = _engine.OpenSession();
        Run("CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT, s TEXT)");
        string count = RowCount.ToString(CultureInfo.InvariantCulture);
        Run("INSERT INTO t SELECT i, i * 7919 % 100003, 'x' || i % 999 "
            + $"FROM generate_series(1, {count}) AS g(i)");
    }

    [Theory]
    [InlineData("CREATE INDEX i ON t (k)", 15)]
    [InlineData("CREATE INDEX i ON t (s, k)", 15)]
    [InlineData("UPDATE t SET k = k + 1", 40)]
    [InlineData("UPDATE t SET id = -id", 40)]
    [InlineData("DELETE FROM t WHERE k >= 0", 24)]
    [InlineData("SELECT k, count(*) FROM t GROUP BY k", 15)]
    [InlineData("SELECT id FROM t ORDER BY s, k", 30)]
    [InlineData("SELECT a.s FROM t a JOIN t b ON a.id = b.k", 60)]
    [InlineData("SELECT sum(k) OVER (PARTITION BY s ORDER BY id) FROM t", 45)]
    [InlineData("SELECT length(string_agg(s, ',' ORDER BY k)) FROM t", 30)]
    [InlineData("SELECT length(array_to_string(array_sort(array_agg(k)), ',')) FROM t", 30)]
    public void A_statement_looks_often_and_ends_at_any_limit(string sql, int looksMin)
    {
        int looks = Looks(sql);
        Assert.True(looks >= looksMin, $"{looks} looks");
        foreach (int limit in new[] { 1, looks / 3, looks / 2, looks - 3 })
        {
            NeuroStoreException error =
                Assert.Throws<NeuroStoreException>(() => Looks(sql, limit));
            Assert.Equal(ErrorCode.Cancelled, error.Code);
            Run("SET statement_timeout = 0");
            Assert.Equal(
                $"{RowCount}|{RowCount}|1",
                Run("SELECT count(*), count(DISTINCT id), min(id) FROM t"));
            Assert.ThrowsAny<NeuroStoreException>(() => Run("DROP INDEX i"));
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _engine.Dispose();
    }

    // The looks of a statement that is taken back.
    private int Looks(string sql, int limit = 1_000_000)
    {
        Run($"SET statement_timeout = {limit.ToString(CultureInfo.InvariantCulture)}");
        Run("BEGIN");
        DateTimeOffset start = _clock.Now;
        _clock.Tick = TimeSpan.FromMilliseconds(1);
        try
        {
            Run(sql);
            return (int)(_clock.Now - start).TotalMilliseconds;
        }
        finally
        {
            _clock.Tick = TimeSpan.Zero;
            Run("ROLLBACK");
        }
    }

    private string Run(string sql)
    {
        using StatementResult result = _session.Execute(_session.Prepare(sql)[0], []);
        string last = "";
        while (result.Next() is { } batch)
        {
            last = batch.Count > 1 ? "" : string.Join('|', batch.Columns.Select(column =>
                column.GetValue(0).AsInt64().ToString(CultureInfo.InvariantCulture)));
        }

        return last;
    }
}
