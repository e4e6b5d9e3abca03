using System.Globalization;
using NeuroDb.Query;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Statements over segments, with more and with less memory than they take.</summary>
public sealed class SealedQueryTests
{
    private const int RowCount = 20_000;

    // Less than a chunk of vectors, some of them, and all.
    [Theory]
    [InlineData(50_000)]
    [InlineData(1_200_000)]
    [InlineData(64 << 20)]
    public void Statements_give_the_same_over_segments_as_in_memory(long budgetBytes)
    {
        using QueryEngine engine = QueryEngine.Open(
            Seams(new MemoryFileSystem()), null, new QueryEngineOptions());
        using QuerySession session = engine.OpenSession();
        using var sealing = new SealingFixture(budgetBytes);
        Fill(session);
        string[] queries =
        [
            "SELECT id, v <-> '[1,0,2,0,3,0,4,1]' AS d FROM t ORDER BY d LIMIT 50",
            "SELECT id, v <=> '[1,0,2,0,3,0,4,1]' AS d FROM t WHERE n < 9 ORDER BY d LIMIT 9 "
                + "OFFSET 5",
            "SELECT id, name, v FROM t WHERE id IN (3, 4097, 12000, 19999, 20003)",
            "SELECT n, count(*), sum(id), min(name) FROM t GROUP BY n ORDER BY n",
            "SELECT id, name FROM t WHERE name = 'name 11111'",
        ];
        string[] before = [.. queries.Select(query => Text(session, query))];
        sealing.Seal(engine.Storage);
        Assert.Equal(before, queries.Select(query => Text(session, query)));
        string[] changes =
        [
            "UPDATE t SET name = name || '!', v = NULL WHERE n = 7",
            "DELETE FROM t WHERE id % 5 = 3",
            "INSERT INTO t VALUES (20003, 3, 'late', '[1,0,2,0,3,0,4,1]')",
        ];
        Array.ForEach(changes, change => Run(session, change));
        string[] changed = [.. queries.Select(query => Text(session, query))];
        Assert.NotEqual(before[0], changed[0]);
        sealing.Seal(engine.Storage, merges: true);
        Assert.Equal(changed, queries.Select(query => Text(session, query)));
        Assert.True(sealing.Buffers.Statistics.CachedBytes <= budgetBytes);
    }

    private static void Fill(QuerySession session)
    {
        Run(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, name TEXT UNIQUE, "
            + "v VECTOR(8))");
        var random = new SeededRandomSource(5);
        for (int id = 1; id <= RowCount; id += 500)
        {
            IEnumerable<string> rows = Enumerable.Range(id, 500).Select(i =>
            {
                IEnumerable<string> elements = Enumerable.Range(0, 8).Select(_ =>
                    (random.NextUInt64() % 1000 / 100.0).ToString(CultureInfo.InvariantCulture));
                string vector = i % 37 == 0 ? "NULL" : $"'[{string.Join(',', elements)}]'";
                return $"({i}, {i % 13}, 'name {i}', {vector})";
            });
            Run(session, "INSERT INTO t VALUES " + string.Join(',', rows));
        }

        Run(session, "DELETE FROM t WHERE id BETWEEN 5000 AND 5100");
    }

    private static void Run(QuerySession session, string sql)
    {
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        result.Drain();
    }

    private static string Text(QuerySession session, string sql)
    {
        var lines = new List<string>();
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        while (result.Next() is { } batch)
        {
            for (int row = 0; row < batch.Count; row++)
            {
                lines.Add(string.Join('|', batch.Columns.Select(
                    column => Show(column.GetValue(row)))));
            }
        }

        Assert.NotEmpty(lines);
        return string.Join('\n', lines);
    }
}
