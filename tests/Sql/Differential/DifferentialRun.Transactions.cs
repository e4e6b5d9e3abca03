namespace NeuroDb.Tests.Sql;

/// <summary>Transactions, savepoints and constraints beside SQLite.</summary>
internal sealed partial class DifferentialRun
{
    /// <summary>
    /// Every statement succeeds or fails on both engines, and leaves the same rows; so does each
    /// end of a savepoint and of a transaction. Rows are in memory, in segments, or both.
    /// </summary>
    public void Transactions(int count)
    {
        using var sqlite = new SqliteDatabase();
        _ = sqlite.TryQuery("PRAGMA foreign_keys = ON", out _);
        var generator = new TransactionGenerator(_seed);
        foreach (string statement in generator.Schema())
        {
            _ = _session.Execute(statement);
            _ = sqlite.TryQuery(statement, out string error);
            Assert.Equal("", error);
        }

        for (int i = 0; i < count && Faults.Count == 0; i++)
        {
            string statement = generator.Next();
            string? refusal = RefusalOf(statement);
            bool isTaken = sqlite.TryQuery(statement, out string message) is not null;
            string outcome = refusal ?? "taken";
            Expect(
                [isTaken],
                [refusal is null],
                $"statement {i}: {statement}\n    {outcome}, by SQLite: {message}");
            foreach ((string table, string order) in TransactionGenerator.Tables)
            {
                CompareInOrder(sqlite, $"SELECT * FROM {table} ORDER BY {order}", statement);
            }

            CompareInOrder(sqlite, generator.Lookup(), statement);
            if (i % 50 == 49)
            {
                // Refused within a transaction, which goes on.
                _ = RefusalOf("CHECKPOINT");
            }
        }
    }

    private void Expect(bool[] expected, bool[] found, string what) => Expect(
        expected.Select(static one => one ? "taken" : "refused"),
        found.Select(static one => one ? "taken" : "refused"),
        what);

    private void CompareInOrder(SqliteDatabase sqlite, string query, string statement)
    {
        List<object?[]>? expected = sqlite.TryQuery(query, out string message);
        Assert.Equal("", message);
        if (Rows(query) is { } rows)
        {
            Expect(expected!.Select(RowText.Of), rows, $"{query}\n    after {statement}");
        }
    }

    private string? RefusalOf(string statement)
    {
        try
        {
            _ = _session.Execute(statement);
            return null;
        }
        catch (NeuroStoreException error)
        {
            return $"{error.Code}: {error.Message}";
        }
    }
}
