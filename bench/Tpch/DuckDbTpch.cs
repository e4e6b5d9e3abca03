using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>DuckDB in memory with the tables of the benchmark.</summary>
internal sealed unsafe class DuckDbTpch : ITpchSystem
{
    private readonly byte[] _text = new byte[1024];
    private nint _database;
    private nint _connection;
    private nint _appender;

    private DuckDbTpch(int threads)
    {
        Check(DuckDbNative.Open(null, out _database));
        Check(DuckDbNative.Connect(_database, out _connection));
        Execute($"SET threads = {threads}");
    }

    /// <inheritdoc/>
    public string Name => "DuckDB 1.5.6";

    /// <summary>The system, or null where it is not installed.</summary>
    public static DuckDbTpch? TryCreate(int threads)
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(DuckDbNative.Library) ? new DuckDbTpch(threads) : null;
    }

    /// <inheritdoc/>
    public void Begin(TpchTable table)
    {
        Execute(table.Definition("BIGINT", "DECIMAL(15,2)", "VARCHAR", "DATE"));
        Check(DuckDbNative.AppenderCreate(_connection, null, table.Name, out _appender));
    }

    /// <inheritdoc/>
    public void Whole(long value) => Check(DuckDbNative.AppendInt64(_appender, value));

    /// <inheritdoc/>
    public void Number(long hundredths) =>
        Check(DuckDbNative.AppendDouble(_appender, hundredths / 100.0));

    /// <inheritdoc/>
    public void Text(string value)
    {
        int length = Encoding.UTF8.GetBytes(value, _text);
        Check(DuckDbNative.AppendText(_appender, _text, length));
    }

    /// <inheritdoc/>
    public void Date(int days) => Check(DuckDbNative.AppendDate(_appender, days));

    /// <inheritdoc/>
    public void EndRow() => Check(DuckDbNative.AppenderEndRow(_appender));

    /// <inheritdoc/>
    public void End() => Check(DuckDbNative.AppenderDestroy(ref _appender));

    /// <inheritdoc/>
    public void Analyze() => Execute("ANALYZE");

    /// <inheritdoc/>
    public List<string[]> Run(string sql)
    {
        var rows = new List<string[]>();
        int code = DuckDbNative.Query(_connection, sql, out DuckDbNative.Result result);
        if (code != 0)
        {
            string? message =
                Marshal.PtrToStringUTF8(DuckDbNative.ResultError(ref result));
            throw new InvalidOperationException($"DuckDB: {message} in {sql}");
        }

        long count = DuckDbNative.RowCount(ref result);
        for (long i = 0; i < count; i++)
        {
            var row = new string[DuckDbNative.ColumnCount(ref result)];
            for (int column = 0; column < row.Length; column++)
            {
                byte* text = DuckDbNative.ValueText(ref result, column, i);
                row[column] = text is null ? "NULL" : Marshal.PtrToStringUTF8((nint)text)!;
                DuckDbNative.Free(text);
            }

            rows.Add(row);
        }

        DuckDbNative.DestroyResult(ref result);
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DuckDbNative.Disconnect(ref _connection);
        DuckDbNative.Close(ref _database);
    }

    private void Execute(string sql) => _ = Run(sql);

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"DuckDB failed with code {code}.");
        }
    }
}
