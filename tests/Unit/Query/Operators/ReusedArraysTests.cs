using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Statements that use the large arrays of each other give what they give alone, also while the
/// rows of others are still being read, and after statements that ended early.
/// </summary>
public sealed class ReusedArraysTests : IDisposable
{
    private const int RowCount = 60_000;

    private static readonly string[] Queries =
    [
        "SELECT k, count(*), sum(d), sum(id), avg(x), min(id), max(s) FROM t GROUP BY k",
        "SELECT s, k, count(DISTINCT id) FROM t GROUP BY s, k",
        "SELECT DISTINCT s, k FROM t",
        "SELECT a.id, b.s, b.d FROM t a JOIN t b ON a.id = b.k",
        "SELECT a.id, b.id FROM t a LEFT JOIN t b ON a.k = b.id + 7",
        "SELECT s, d, id FROM t ORDER BY d DESC, s, id",
        "SELECT id, s FROM t EXCEPT SELECT k, s FROM t",
    ];

    private readonly QueryEngine _engine;

    public ReusedArraysTests()
    {
        _engine = QueryEngine.Open(SystemSeams.Real(), null, new QueryEngineOptions());
        using QuerySession session = _engine.OpenSession();
        string count = RowCount.ToString(CultureInfo.InvariantCulture);
        foreach (string sql in new[]
        {
            "CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT, s TEXT, d DECIMAL, x DOUBLE)",
            "INSERT INTO t SELECT i, CASE WHEN i % 11 = 0 THEN NULL ELSE i * 7919 % 40009 END, "
                + "CASE WHEN i % 7 > 0 THEN 'x' || i % 9999 END, i % 5003 * 0.25, i * 0.5 "
                + $"FROM generate_series(1, {count}) AS g(i)",
        })
        {
            using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        }
    }

    [Fact]
    public void Statements_beside_each_other_give_what_the_first_run_gave()
    {
        ulong[] alone = [.. Queries.Select(sql => HashOf(sql))];
        Assert.Equal(Queries.Length, alone.Distinct().Count());
        Parallel.For(0, 6 * Queries.Length, i =>
        {
            int query = i % Queries.Length;
            Assert.Equal(alone[query], HashOf(Queries[query]));
        });
        Assert.True(_engine.Arrays.KeptSizeBytes > 0);
    }

    [Fact]
    public void Rows_that_are_read_slowly_stay_while_other_statements_run()
    {
        ulong[] alone = [.. Queries.Select(sql => HashOf(sql))];
        for (int i = 0; i < Queries.Length; i++)
        {
            int other = (i + 1) % Queries.Length;
            ulong hash = HashOf(Queries[i], batch =>
            {
                if (batch % 9 == 0)
                {
                    Assert.Equal(alone[other], HashOf(Queries[other]));
                }
            });
            Assert.Equal(alone[i], hash);
        }
    }

    [Fact]
    public void Statements_that_end_early_leave_no_trace_in_others()
    {
        ulong[] alone = [.. Queries.Select(sql => HashOf(sql))];
        for (int i = 0; i < Queries.Length; i++)
        {
            using QuerySession session = _engine.OpenSession();
            using var cancellation = new CancellationTokenSource();
            using (StatementResult result = session.Execute(
                session.Prepare(Queries[i])[0], [], cancellation.Token))
            {
                _ = result.Next();
                cancellation.Cancel();
                Assert.Throws<NeuroStoreException>(result.Next);
            }

            Assert.Equal(alone, Queries.Select(sql => HashOf(sql)));
        }
    }

    public void Dispose() => _engine.Dispose();

    private ulong HashOf(string sql, Action<int>? afterBatch = null)
    {
        using QuerySession session = _engine.OpenSession();
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        ulong hash = 0;
        int batches = 0;
        while (result.Next() is { } batch)
        {
            afterBatch?.Invoke(batches++);
            for (int row = 0; row < batch.Count; row++)
            {
                ulong rowHash = 0;
                foreach (ColumnBuffer column in batch.Columns)
                {
                    rowHash = Hash64.Combine(
                        rowHash, HashOfText(column.GetValue(row).ToString()!));
                }

                hash += rowHash;
            }
        }

        return hash;
    }

    private static ulong HashOfText(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char unit in text)
        {
            hash = (hash ^ unit) * 1099511628211;
        }

        return hash;
    }
}
