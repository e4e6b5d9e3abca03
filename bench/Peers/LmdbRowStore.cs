namespace NeuroDb.Bench;

/// <summary>LMDB with integer keys: synchronous commits, one writer, reads from the map.</summary>
internal sealed unsafe class LmdbRowStore : IRowStore
{
    private const long MapSizeBytes = 16L << 30;
    private readonly nint _environment;
    private readonly int _table;
    private nint _reads;
    private nint _cursor;

    /// <summary>Opens the store in a directory that exists.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isDurable">Whether commits wait for the device.</param>
    public LmdbRowStore(string path, bool isDurable = true)
    {
        Check(LmdbNative.CreateEnvironment(out _environment));
        Check(LmdbNative.SetMapSize(_environment, MapSizeBytes));
        Check(LmdbNative.Open(
            _environment,
            path,
            isDurable ? 0 : LmdbNative.NoSync,
            Convert.ToInt32("644", 8)));
        Check(LmdbNative.Begin(_environment, 0, 0, out nint transaction));
        Check(LmdbNative.OpenTable(transaction, 0, LmdbNative.IntegerKeys, out _table));
        Check(LmdbNative.Commit(transaction));
    }

    /// <inheritdoc/>
    public void Put(long key) => Load([key]);

    /// <inheritdoc/>
    public void PutMany(long firstKey, int count)
    {
        Check(LmdbNative.Begin(_environment, 0, 0, out nint transaction));
        for (int i = 0; i < count; i++)
        {
            Put(transaction, firstKey + i);
        }

        Check(LmdbNative.Commit(transaction));
    }

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<long> keys)
    {
        Check(LmdbNative.Begin(_environment, 0, 0, out nint transaction));
        foreach (long key in keys)
        {
            Put(transaction, key);
        }

        Check(LmdbNative.Commit(transaction));
    }

    /// <inheritdoc/>
    public void Settle()
    {
    }

    /// <inheritdoc/>
    public void BeginReads()
    {
        Check(LmdbNative.Begin(_environment, 0, LmdbNative.ReadOnly, out _reads));
        Check(LmdbNative.OpenCursor(_reads, _table, out _cursor));
    }

    /// <inheritdoc/>
    public void EndReads()
    {
        LmdbNative.CloseCursor(_cursor);
        LmdbNative.Abort(_reads);
    }

    /// <inheritdoc/>
    public long Get(long key)
    {
        LmdbNative.Bytes name = KeyOf(&key);
        LmdbNative.Bytes value;
        Check(LmdbNative.Get(_reads, _table, &name, &value));
        return RowPayload.FirstWord(Span(value));
    }

    /// <inheritdoc/>
    public long Range(long firstKey, int count)
    {
        LmdbNative.Bytes name = KeyOf(&firstKey);
        LmdbNative.Bytes value;
        long sum = 0;
        int code = LmdbNative.Move(_cursor, &name, &value, LmdbNative.SetRange);
        for (int i = 0; i < count && code == 0; i++)
        {
            sum += *(long*)name.Data + value.Length;
            code = LmdbNative.Move(_cursor, &name, &value, LmdbNative.Next);
        }

        return sum;
    }

    /// <inheritdoc/>
    public long SumOfKeys()
    {
        LmdbNative.Bytes name;
        LmdbNative.Bytes value;
        long sum = 0;
        int operation = LmdbNative.First;
        while (LmdbNative.Move(_cursor, &name, &value, operation) == 0)
        {
            sum += *(long*)name.Data;
            operation = LmdbNative.Next;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => LmdbNative.Close(_environment);

    private static LmdbNative.Bytes KeyOf(long* key) =>
        new() { Length = sizeof(long), Data = key };

    private static ReadOnlySpan<byte> Span(LmdbNative.Bytes bytes) =>
        new(bytes.Data, (int)bytes.Length);

    private void Put(nint transaction, long key)
    {
        byte* bytes = stackalloc byte[RowPayload.SizeBytes];
        RowPayload.Fill(key, new Span<byte>(bytes, RowPayload.SizeBytes));
        LmdbNative.Bytes name = KeyOf(&key);
        var value = new LmdbNative.Bytes { Length = RowPayload.SizeBytes, Data = bytes };
        Check(LmdbNative.Put(transaction, _table, &name, &value, 0));
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"LMDB failed with code {code}.");
        }
    }
}
