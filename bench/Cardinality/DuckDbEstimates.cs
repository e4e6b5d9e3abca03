using System.Text.Json;

namespace NeuroDb.Bench;

/// <summary>What EXPLAIN of DuckDB says of sub-plans.</summary>
internal sealed class DuckDbEstimates : IDisposable
{
    private readonly DuckDbTpch _database;

    private DuckDbEstimates(DuckDbTpch database, IEnumerable<ForumTable> tables)
    {
        _database = database;
        foreach (ForumTable table in tables)
        {
            _database.Run(table.Definition);
            foreach (string insert in table.Inserts())
            {
                _database.Run(insert);
            }
        }

        _database.Analyze();
    }

    /// <summary>The system with the tables, or null where it is not installed.</summary>
    public static DuckDbEstimates? TryCreate(IEnumerable<ForumTable> tables) =>
        DuckDbTpch.TryCreate(threads: 2) is { } database
            ? new DuckDbEstimates(database, tables)
            : null;

    /// <summary>The estimate of a sub-plan: that of the topmost join.</summary>
    public double Estimate(SubPlan plan)
    {
        List<string[]> rows = _database.Run("EXPLAIN (FORMAT json) " + plan.Sql.TrimEnd(';'));
        using JsonDocument document = JsonDocument.Parse(rows[0][^1]);
        return Find(document.RootElement) is { } found ? Math.Max(1, found) : double.NaN;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static double? Find(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                if (Find(item) is { } found)
                {
                    return found;
                }
            }

            return null;
        }

        bool isJoin = element.GetProperty("name").GetString()!
            .Contains("JOIN", StringComparison.Ordinal);
        return isJoin && element.TryGetProperty("extra_info", out JsonElement info)
            && info.TryGetProperty("Estimated Cardinality", out JsonElement rows)
                ? double.Parse(
                    rows.GetString()!.TrimStart('~'),
                    System.Globalization.CultureInfo.InvariantCulture)
                : Find(element.GetProperty("children"));
    }
}
