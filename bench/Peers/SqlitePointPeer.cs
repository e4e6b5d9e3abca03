namespace NeuroDb.Bench;

/// <summary>SQLite in memory: prepared SELECT by key and INSERT, in autocommit.</summary>
internal sealed class SqlitePointPeer : IDisposable
{
    private readonly nint _database;
    private readonly nint _select;
    private readonly nint _insert;

    private SqlitePointPeer(int rows)
    {
        _ = SqliteNative.Open(":memory:", out _database);
        SqliteNative.Execute(_database, "CREATE TABLE t (id INTEGER PRIMARY KEY, v REAL)");
        _select = SqliteNative.Prepare(_database, "SELECT v FROM t WHERE id = ?");
        _insert = SqliteNative.Prepare(_database, "INSERT INTO t VALUES (?, ?)");
        SqliteNative.Execute(_database, "BEGIN");
        for (int i = 0; i < rows; i++)
        {
            Insert(i);
        }

        SqliteNative.Execute(_database, "COMMIT");
    }

    /// <summary>The peer, or null where it is not installed.</summary>
    public static SqlitePointPeer? TryCreate(int rows)
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(SqliteNative.Library) ? new SqlitePointPeer(rows) : null;
    }

    /// <summary>The value of a key.</summary>
    public double Select(long id)
    {
        _ = SqliteNative.BindInt64(_select, 1, id);
        double value = SqliteNative.Step(_select) == SqliteNative.Row
            ? SqliteNative.ColumnDouble(_select, 0)
            : 0;
        _ = SqliteNative.Reset(_select);
        return value;
    }

    /// <summary>Stores a key.</summary>
    public void Insert(long id)
    {
        _ = SqliteNative.BindInt64(_insert, 1, id);
        _ = SqliteNative.BindDouble(_insert, 2, id * 0.5);
        _ = SqliteNative.Step(_insert);
        _ = SqliteNative.Reset(_insert);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = SqliteNative.FinalizeStatement(_select);
        _ = SqliteNative.FinalizeStatement(_insert);
        _ = SqliteNative.Close(_database);
    }
}
