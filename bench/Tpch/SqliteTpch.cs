using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// SQLite in memory with the tables of the benchmark: dates are texts, numbers are REAL. A query
/// that takes longer than the limit is interrupted.
/// </summary>
internal sealed class SqliteTpch : ITpchSystem
{
    private const nint Copied = -1;

    private readonly byte[] _text = new byte[1024];
    private readonly TimeSpan _limit;
    private readonly nint _database;
    private nint _insert;
    private int _ordinal;

    private SqliteTpch(TimeSpan limit)
    {
        _limit = limit;
        _ = SqliteNative.Open(":memory:", out _database);
    }

    /// <inheritdoc/>
    public string Name => "SQLite";

    /// <summary>The system, or null where it is not installed.</summary>
    public static SqliteTpch? TryCreate(TimeSpan limit)
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(SqliteNative.Library) ? new SqliteTpch(limit) : null;
    }

    /// <inheritdoc/>
    public void Begin(TpchTable table)
    {
        SqliteNative.Execute(_database, table.Definition("INTEGER", "REAL", "TEXT", "TEXT"));
        string places = string.Join(", ", table.Names.Select(static _ => "?"));
        _insert = SqliteNative.Prepare(
            _database, $"INSERT INTO {table.Name} VALUES ({places})");
        SqliteNative.Execute(_database, "BEGIN");
    }

    /// <inheritdoc/>
    public void Whole(long value) => _ = SqliteNative.BindInt64(_insert, ++_ordinal, value);

    /// <inheritdoc/>
    public void Number(long hundredths) =>
        _ = SqliteNative.BindDouble(_insert, ++_ordinal, hundredths / 100.0);

    /// <inheritdoc/>
    public void Text(string value)
    {
        int length = Encoding.UTF8.GetBytes(value, _text);
        _ = SqliteNative.BindText(_insert, ++_ordinal, _text, length, Copied);
    }

    /// <inheritdoc/>
    public void Date(int days) => Text(DateOnly
        .FromDayNumber(days + new DateOnly(1970, 1, 1).DayNumber)
        .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void EndRow()
    {
        _ordinal = 0;
        if (SqliteNative.Step(_insert) != SqliteNative.Done)
        {
            throw new InvalidOperationException("SQLite did not take a row.");
        }

        _ = SqliteNative.Reset(_insert);
    }

    /// <inheritdoc/>
    public void End()
    {
        _ = SqliteNative.FinalizeStatement(_insert);
        SqliteNative.Execute(_database, "COMMIT");
    }

    /// <inheritdoc/>
    public void Analyze() => SqliteNative.Execute(_database, "ANALYZE");

    /// <inheritdoc/>
    public List<string[]>? Run(string sql)
    {
        var rows = new List<string[]>();
        nint statement = SqliteNative.Prepare(_database, TpchQueries.ForSqlite(sql));
        using var timer = new Timer(
            _ => SqliteNative.Interrupt(_database), null, _limit, Timeout.InfiniteTimeSpan);
        int code;
        while ((code = SqliteNative.Step(statement)) == SqliteNative.Row)
        {
            var row = new string[SqliteNative.ColumnCount(statement)];
            for (int i = 0; i < row.Length; i++)
            {
                nint text = SqliteNative.ColumnText(statement, i);
                row[i] = text == 0 ? "NULL" : Marshal.PtrToStringUTF8(text)!;
            }

            rows.Add(row);
        }

        _ = SqliteNative.FinalizeStatement(statement);
        return code == SqliteNative.Done ? rows : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = SqliteNative.Close(_database);
}
