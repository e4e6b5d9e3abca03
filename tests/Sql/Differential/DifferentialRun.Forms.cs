using System.Globalization;

namespace NeuroDb.Tests.Sql;

/// <summary>Statements against other forms of themselves, and other ways to run them.</summary>
internal sealed partial class DifferentialRun
{
    private static readonly string[] IndexedTables = ["t0", "t1", "t2"];
    private static readonly string[] IndexedColumns = ["a", "b", "d", "s", "u"];

    /// <summary>
    /// Non-optimizing reference (Rigger and Su, NoREC, 2020): a condition keeps as many rows as
    /// those for which it is true where it is an item, which no access path can use.
    /// </summary>
    public void Unoptimized(int count)
    {
        StatementGenerator generator = Start();
        for (int i = 0; i < count; i++)
        {
            (string from, string condition, _) = generator.Filtered();
            List<string>? kept = Rows($"SELECT count(*) FROM {from} WHERE {condition}");
            List<string>? all = Rows($"SELECT CASE WHEN {condition} THEN 1 ELSE 0 END FROM {from}");
            if (kept is not null && all is not null)
            {
                int held = all.Count(static row => row == "1");
                Expect(
                    [held.ToString(CultureInfo.InvariantCulture)], kept,
                    $"count over {from} where {condition}");
            }
        }
    }

    /// <summary>
    /// Queries and changes give the same with an index on every column, and rows in segments.
    /// </summary>
    public void Indexes(int count)
    {
        StatementGenerator generator = Start();
        using var other = new DifferentialRun(_seed);
        _ = other.Start();
        foreach (string table in IndexedTables)
        {
            foreach (string column in IndexedColumns)
            {
                _ = other._session.Execute($"CREATE INDEX ON {table} ({column})");
            }

            _ = other._session.Execute($"CREATE INDEX ON {table} (a DESC, s, d)");
        }

        for (int i = 0; i < count; i++)
        {
            string sql = generator.Query();
            if (i % 20 == 19)
            {
                (string table, string change) = generator.Change();
                SameOutcome(other, change);
                sql = $"SELECT * FROM {table}";
                _ = i % 60 == 59 ? other._session.Execute("CHECKPOINT") : 0;
            }

            if (Rows(sql) is { } plain && other.Rows(sql) is { } indexed)
            {
                Expect(
                    plain.Order(StringComparer.Ordinal),
                    indexed.Order(StringComparer.Ordinal),
                    $"with indexes: {sql}");
            }
        }

        Faults.AddRange(other.Faults);
    }

    /// <summary>Values of many rows are those of the rows one by one, in batches of one.</summary>
    public void SingleRows(int count)
    {
        StatementGenerator generator = Start();
        for (int i = 0; i < count; i++)
        {
            (string from, string condition, string items) = generator.Filtered();
            string sql = $"SELECT {items}, ({condition}) FROM {from}";
            List<string>? all = Rows(sql);
            if (all is null || all.Count > 40)
            {
                continue;
            }

            var single = new List<string>();
            for (int row = 0; row < all.Count; row++)
            {
                single.AddRange(Rows($"{sql} LIMIT 1 OFFSET {row}") ?? []);
            }

            Expect(
                all.Order(StringComparer.Ordinal),
                single.Order(StringComparer.Ordinal),
                $"rows one by one of {sql}");
        }
    }

    /// <summary>Threads, and little memory for operators, change no answer.</summary>
    public void Settings(int count)
    {
        StatementGenerator generator = Start();
        for (int i = 0; i < count; i++)
        {
            string sql = generator.Query();
            List<string>? expected = Rows(sql);
            _ = _session.Execute("SET threads = 1");
            _ = _session.Execute("SET operator_memory = 65536");
            List<string>? found = Rows(sql);
            _ = _session.Execute("SET threads = 64");
            _ = _session.Execute("SET operator_memory = 1073741824");
            if (expected is not null && found is not null)
            {
                Expect(
                    expected.Order(StringComparer.Ordinal),
                    found.Order(StringComparer.Ordinal),
                    $"one thread, little memory: {sql}");
            }
        }
    }

    // A change that fails must fail on both sides.
    private void SameOutcome(DifferentialRun other, string change)
    {
        string Outcome(Session session)
        {
            try
            {
                return session.Execute(change).ToString(CultureInfo.InvariantCulture);
            }
            catch (NeuroStoreException error)
            {
                return error.Code.ToString();
            }
        }

        Expect([Outcome(_session)], [Outcome(other._session)], change);
    }
}
