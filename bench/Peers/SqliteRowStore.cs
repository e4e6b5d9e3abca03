namespace NeuroDb.Bench;

/// <summary>
/// SQLite with a write-ahead log, synchronous=FULL, and a cache and a map larger than the data.
/// </summary>
internal sealed class SqliteRowStore : IRowStore
{
    private readonly nint _database;
    private readonly nint _insert;
    private readonly nint _get;
    private readonly nint _range;
    private readonly nint _sum;
    // Pinned, because SQLite keeps the address until the statement has run.
    private readonly byte[] _value =
        GC.AllocateUninitializedArray<byte>(RowPayload.SizeBytes, pinned: true);

    /// <summary>Opens the store in a directory that exists.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isDurable">Whether commits wait for the device.</param>
    public SqliteRowStore(string path, bool isDurable = true)
    {
        if (SqliteNative.Open(Path.Combine(path, "sqlite.db"), out _database) != 0)
        {
            throw new InvalidOperationException($"SQLite cannot open {path}.");
        }

        SqliteNative.Execute(_database, "PRAGMA journal_mode = WAL");
        SqliteNative.Execute(
            _database, $"PRAGMA synchronous = {(isDurable ? "FULL" : "OFF")}");
        SqliteNative.Execute(_database, "PRAGMA cache_size = -1048576");
        SqliteNative.Execute(_database, "PRAGMA mmap_size = 8589934592");
        SqliteNative.Execute(
            _database, "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v BLOB)");
        _insert = SqliteNative.Prepare(_database, "INSERT INTO t VALUES (?, ?)");
        _get = SqliteNative.Prepare(_database, "SELECT v FROM t WHERE id = ?");
        _range = SqliteNative.Prepare(
            _database, "SELECT id, v FROM t WHERE id BETWEEN ? AND ? ORDER BY id");
        _sum = SqliteNative.Prepare(_database, "SELECT sum(id) FROM t");
    }

    /// <inheritdoc/>
    public void Put(long key)
    {
        RowPayload.Fill(key, _value);
        _ = SqliteNative.BindInt64(_insert, 1, key);
        _ = SqliteNative.BindBlob(_insert, 2, _value, _value.Length, 0);
        int code = SqliteNative.Step(_insert);
        _ = SqliteNative.Reset(_insert);
        if (code != SqliteNative.Done)
        {
            throw new InvalidOperationException($"SQLite failed with code {code}.");
        }
    }

    /// <inheritdoc/>
    public void PutMany(long firstKey, int count)
    {
        SqliteNative.Execute(_database, "BEGIN");
        for (int i = 0; i < count; i++)
        {
            Put(firstKey + i);
        }

        SqliteNative.Execute(_database, "COMMIT");
    }

    /// <summary>All rows in one transaction.</summary>
    public void Load(ReadOnlySpan<long> keys)
    {
        SqliteNative.Execute(_database, "BEGIN");
        foreach (long key in keys)
        {
            Put(key);
        }

        SqliteNative.Execute(_database, "COMMIT");
    }

    /// <inheritdoc/>
    public void Settle() =>
        SqliteNative.Execute(_database, "PRAGMA wal_checkpoint(TRUNCATE)");

    /// <inheritdoc/>
    public void BeginReads() => SqliteNative.Execute(_database, "BEGIN");

    /// <inheritdoc/>
    public void EndReads() => SqliteNative.Execute(_database, "COMMIT");

    /// <inheritdoc/>
    public unsafe long Get(long key)
    {
        _ = SqliteNative.BindInt64(_get, 1, key);
        long word = 0;
        if (SqliteNative.Step(_get) == SqliteNative.Row)
        {
            byte* value = SqliteNative.ColumnBlob(_get, 0);
            int length = SqliteNative.ColumnBytes(_get, 0);
            word = RowPayload.FirstWord(new ReadOnlySpan<byte>(value, length));
        }

        _ = SqliteNative.Reset(_get);
        return word;
    }

    /// <inheritdoc/>
    public unsafe long Range(long firstKey, int count)
    {
        _ = SqliteNative.BindInt64(_range, 1, firstKey);
        _ = SqliteNative.BindInt64(_range, 2, firstKey + count - 1);
        long sum = 0;
        while (SqliteNative.Step(_range) == SqliteNative.Row)
        {
            _ = SqliteNative.ColumnBlob(_range, 1);
            sum += SqliteNative.ColumnInt64(_range, 0) + SqliteNative.ColumnBytes(_range, 1);
        }

        _ = SqliteNative.Reset(_range);
        return sum;
    }

    /// <inheritdoc/>
    public long SumOfKeys()
    {
        _ = SqliteNative.Step(_sum);
        long sum = SqliteNative.ColumnInt64(_sum, 0);
        _ = SqliteNative.Reset(_sum);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint statement in new[] { _insert, _get, _range, _sum })
        {
            _ = SqliteNative.FinalizeStatement(statement);
        }

        _ = SqliteNative.Close(_database);
    }
}
