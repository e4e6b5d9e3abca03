using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>NeuroStore with the tables of the benchmark, loaded by its appender.</summary>
internal sealed class NeuroTpch : ITpchSystem
{
    private readonly NeuroStore _database;
    private readonly Session _session;
    private Appender? _appender;

    /// <summary>Opens an empty database; in memory without a path.</summary>
    public NeuroTpch(string? path, int threads)
    {
        var options = new NeuroStoreOptions
        {
            ThreadCount = threads,
            MemoryBudgetBytes = 8L << 30,
        };
        _database = path is null
            ? NeuroStore.OpenInMemory(options)
            : NeuroStore.Open(path, options);
        _session = _database.OpenSession();
    }

    /// <inheritdoc/>
    public string Name => "NeuroStore";

    /// <inheritdoc/>
    public void Begin(TpchTable table)
    {
        _session.Execute(table.Definition("BIGINT", "DECIMAL(15,2)", "TEXT", "DATE"));
        _appender = _session.CreateAppender(table.Name);
    }

    /// <inheritdoc/>
    public void Whole(long value) => _appender!.Append(value);

    /// <inheritdoc/>
    public void Number(long hundredths) => _appender!.Append(
        new decimal((int)Math.Abs(hundredths), 0, 0, hundredths < 0, 2));

    /// <inheritdoc/>
    public void Text(string value) => _appender!.Append(value);

    /// <inheritdoc/>
    public void Date(int days) => _appender!.Append(DateOnly.FromDayNumber(
        days + new DateOnly(1970, 1, 1).DayNumber));

    /// <inheritdoc/>
    public void EndRow() => _appender!.EndRow();

    /// <inheritdoc/>
    public void End()
    {
        _appender!.Complete();
        _appender.Dispose();
    }

    /// <inheritdoc/>
    public void Analyze() => _session.Execute("ANALYZE");

    /// <inheritdoc/>
    public List<string[]> Run(string sql)
    {
        var rows = new List<string[]>();
        using ResultReader reader = _session.Query(sql);
        while (reader.Read())
        {
            var row = new string[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = reader.GetValue(i) switch
                {
                    null => "NULL",
                    DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                    var text => text.ToString()!,
                };
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The plan of a query with what was measured of it.</summary>
    public string Explain(string sql) => string.Join(
        Environment.NewLine, Run("EXPLAIN ANALYZE " + sql).Select(static row => row[0]));

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }
}
