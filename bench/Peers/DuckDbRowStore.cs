namespace NeuroDb.Bench;

/// <summary>DuckDB with a primary key: an appender for many rows, else prepared SQL.</summary>
internal sealed unsafe class DuckDbRowStore : IRowStore
{
    private nint _database;
    private nint _connection;
    private nint _insert;
    private nint _get;
    private nint _range;
    private nint _sum;

    /// <summary>Opens the store in a directory that exists.</summary>
    public DuckDbRowStore(string path)
    {
        Check(DuckDbNative.Open(Path.Combine(path, "duck.db"), out _database));
        Check(DuckDbNative.Connect(_database, out _connection));
        Execute("CREATE TABLE IF NOT EXISTS t (id BIGINT PRIMARY KEY, v BLOB)");
        Prepare("INSERT INTO t VALUES (?, ?)", out _insert);
        Prepare("SELECT v FROM t WHERE id = ?", out _get);
        Prepare("SELECT id, v FROM t WHERE id BETWEEN ? AND ? ORDER BY id", out _range);
        Prepare("SELECT sum(id)::BIGINT FROM t", out _sum);
    }

    /// <inheritdoc/>
    public void Put(long key)
    {
        Span<byte> value = stackalloc byte[RowPayload.SizeBytes];
        RowPayload.Fill(key, value);
        Check(DuckDbNative.BindInt64(_insert, 1, key));
        Check(DuckDbNative.BindBlob(_insert, 2, value, value.Length));
        DuckDbNative.Result result = Run(_insert);
        DuckDbNative.DestroyResult(ref result);
    }

    /// <inheritdoc/>
    public void PutMany(long firstKey, int count)
    {
        var keys = new long[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = firstKey + i;
        }

        Load(keys);
    }

    /// <summary>The appender inside one transaction.</summary>
    public void Load(ReadOnlySpan<long> keys)
    {
        Execute("BEGIN");
        Check(DuckDbNative.AppenderCreate(_connection, null, "t", out nint appender));
        int chunkRows = (int)DuckDbNative.VectorSize();
        nint* types = stackalloc nint[2];
        types[0] = DuckDbNative.CreateLogicalType(DuckDbNative.BigInt);
        types[1] = DuckDbNative.CreateLogicalType(DuckDbNative.Blob);
        while (!keys.IsEmpty)
        {
            int count = Math.Min(chunkRows, keys.Length);
            nint chunk = DuckDbNative.CreateDataChunk(types, 2);
            Append(chunk, keys[..count]);
            Check(DuckDbNative.AppendDataChunk(appender, chunk));
            DuckDbNative.DestroyDataChunk(ref chunk);
            keys = keys[count..];
        }

        Check(DuckDbNative.AppenderDestroy(ref appender));
        Execute("COMMIT");
    }

    /// <inheritdoc/>
    public void Settle() => Execute("CHECKPOINT");

    /// <inheritdoc/>
    public void BeginReads() => Execute("BEGIN");

    /// <inheritdoc/>
    public void EndReads() => Execute("COMMIT");

    /// <inheritdoc/>
    public long Get(long key)
    {
        Check(DuckDbNative.BindInt64(_get, 1, key));
        DuckDbNative.Result result = Run(_get);
        DuckDbNative.BlobValue value = DuckDbNative.ValueBlob(ref result, 0, 0);
        var bytes = new ReadOnlySpan<byte>(value.Data, (int)value.Length);
        long word = RowPayload.FirstWord(bytes);
        DuckDbNative.Free(value.Data);
        DuckDbNative.DestroyResult(ref result);
        return word;
    }

    /// <inheritdoc/>
    public long Range(long firstKey, int count)
    {
        Check(DuckDbNative.BindInt64(_range, 1, firstKey));
        Check(DuckDbNative.BindInt64(_range, 2, firstKey + count - 1));
        DuckDbNative.Result result = Run(_range);
        long rows = DuckDbNative.RowCount(ref result);
        long sum = 0;
        for (long row = 0; row < rows; row++)
        {
            DuckDbNative.BlobValue value = DuckDbNative.ValueBlob(ref result, 1, row);
            sum += DuckDbNative.ValueInt64(ref result, 0, row) + value.Length;
            DuckDbNative.Free(value.Data);
        }

        DuckDbNative.DestroyResult(ref result);
        return sum;
    }

    /// <inheritdoc/>
    public long SumOfKeys()
    {
        DuckDbNative.Result result = Run(_sum);
        long sum = DuckDbNative.ValueInt64(ref result, 0, 0);
        DuckDbNative.DestroyResult(ref result);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DuckDbNative.DestroyPrepared(ref _insert);
        DuckDbNative.DestroyPrepared(ref _get);
        DuckDbNative.DestroyPrepared(ref _range);
        DuckDbNative.DestroyPrepared(ref _sum);
        DuckDbNative.Disconnect(ref _connection);
        DuckDbNative.Close(ref _database);
    }

    private static void Append(nint chunk, ReadOnlySpan<long> keys)
    {
        Span<byte> value = stackalloc byte[RowPayload.SizeBytes];
        nint values = DuckDbNative.ChunkVector(chunk, 1);
        long* ids = (long*)DuckDbNative.VectorData(DuckDbNative.ChunkVector(chunk, 0));
        for (int i = 0; i < keys.Length; i++)
        {
            ids[i] = keys[i];
            RowPayload.Fill(keys[i], value);
            DuckDbNative.AssignBytes(values, i, value, value.Length);
        }

        DuckDbNative.SetChunkSize(chunk, keys.Length);
    }

    private void Prepare(string sql, out nint statement) =>
        Check(DuckDbNative.Prepare(_connection, sql, out statement));

    private void Execute(string sql)
    {
        Check(DuckDbNative.Query(_connection, sql, out DuckDbNative.Result result));
        DuckDbNative.DestroyResult(ref result);
    }

    private static DuckDbNative.Result Run(nint statement)
    {
        Check(DuckDbNative.Execute(statement, out DuckDbNative.Result result));
        return result;
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"DuckDB failed with code {code}.");
        }
    }
}
