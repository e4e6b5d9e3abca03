using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// RocksDB without compression, with a Bloom filter and a large cache; its own group commit joins
/// threads that put at once.
/// </summary>
internal sealed unsafe class RocksDbRowStore : IRowStore
{
    private const int NoCompression = 0;
    private const int LoadBatchRows = 1000;
    private const long CacheSizeBytes = 1L << 30;
    private readonly nint _database;
    private readonly nint _durable = RocksDbNative.CreateWriteOptions();
    private readonly nint _single;
    private readonly nint _buffered = RocksDbNative.CreateWriteOptions();
    private readonly nint _readOptions = RocksDbNative.CreateReadOptions();
    private nint _iterator;

    /// <summary>Opens the store in a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isDurable">Whether a single row waits for the device.</param>
    public RocksDbRowStore(string path, bool isDurable = true)
    {
        nint table = RocksDbNative.CreateTableOptions();
        RocksDbNative.SetCache(table, RocksDbNative.CreateCache((nint)CacheSizeBytes));
        RocksDbNative.SetFilter(table, RocksDbNative.CreateBloomFilter(10));
        nint options = RocksDbNative.CreateOptions();
        RocksDbNative.SetCreateIfMissing(options, 1);
        RocksDbNative.SetCompression(options, NoCompression);
        RocksDbNative.IncreaseParallelism(options, Environment.ProcessorCount);
        RocksDbNative.SetTable(options, table);
        RocksDbNative.SetSync(_durable, 1);
        _single = isDurable ? _durable : _buffered;
        nint error = 0;
        _database = RocksDbNative.Open(options, path, ref error);
        Check(error);
        RocksDbNative.DestroyOptions(options);
    }

    /// <summary>Stores one row; any thread may.</summary>
    public void Put(long key)
    {
        Span<byte> name = stackalloc byte[sizeof(long)];
        Span<byte> value = stackalloc byte[RowPayload.SizeBytes];
        Fill(key, name, value);
        nint error = 0;
        RocksDbNative.Put(
            _database, _single, name, name.Length, value, value.Length, ref error);
        Check(error);
    }

    /// <inheritdoc/>
    public void PutMany(long firstKey, int count)
    {
        nint batch = RocksDbNative.CreateBatch();
        for (int i = 0; i < count; i++)
        {
            PutInBatch(batch, firstKey + i);
        }

        Write(batch, _durable);
        RocksDbNative.DestroyBatch(batch);
    }

    /// <summary>Batches of 1,000 rows; the last one makes the log durable.</summary>
    public void Load(ReadOnlySpan<long> keys)
    {
        nint batch = RocksDbNative.CreateBatch();
        while (!keys.IsEmpty)
        {
            int count = Math.Min(LoadBatchRows, keys.Length);
            foreach (long key in keys[..count])
            {
                PutInBatch(batch, key);
            }

            keys = keys[count..];
            Write(batch, keys.IsEmpty ? _durable : _buffered);
            RocksDbNative.ClearBatch(batch);
        }

        RocksDbNative.DestroyBatch(batch);
    }

    /// <inheritdoc/>
    public void Settle()
    {
        nint error = 0;
        RocksDbNative.Flush(_database, RocksDbNative.CreateFlushOptions(), ref error);
        Check(error);
        RocksDbNative.Compact(_database, 0, 0, 0, 0);
    }

    /// <inheritdoc/>
    public void BeginReads() =>
        _iterator = RocksDbNative.CreateIterator(_database, _readOptions);

    /// <inheritdoc/>
    public void EndReads() => RocksDbNative.DestroyIterator(_iterator);

    /// <inheritdoc/>
    public long Get(long key)
    {
        Span<byte> name = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(name, key);
        nint error = 0;
        nint slice = RocksDbNative.GetPinned(
            _database, _readOptions, name, name.Length, ref error);
        Check(error);
        byte* value = RocksDbNative.ValueOf(slice, out nint length);
        long word = RowPayload.FirstWord(new ReadOnlySpan<byte>(value, (int)length));
        RocksDbNative.DestroySlice(slice);
        return word;
    }

    /// <inheritdoc/>
    public long Range(long firstKey, int count)
    {
        Span<byte> name = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(name, firstKey);
        RocksDbNative.Seek(_iterator, name, name.Length);
        long sum = 0;
        for (int i = 0; i < count && RocksDbNative.IsValid(_iterator) != 0; i++)
        {
            RocksDbNative.ValueAt(_iterator, out nint length);
            sum += KeyHere() + length;
            RocksDbNative.Next(_iterator);
        }

        return sum;
    }

    /// <inheritdoc/>
    public long SumOfKeys()
    {
        long sum = 0;
        RocksDbNative.SeekToFirst(_iterator);
        while (RocksDbNative.IsValid(_iterator) != 0)
        {
            sum += KeyHere();
            RocksDbNative.Next(_iterator);
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => RocksDbNative.Close(_database);

    private static void Fill(long key, Span<byte> name, Span<byte> value)
    {
        BinaryPrimitives.WriteInt64BigEndian(name, key);
        RowPayload.Fill(key, value);
    }

    private static void PutInBatch(nint batch, long key)
    {
        Span<byte> name = stackalloc byte[sizeof(long)];
        Span<byte> value = stackalloc byte[RowPayload.SizeBytes];
        Fill(key, name, value);
        RocksDbNative.PutInBatch(batch, name, name.Length, value, value.Length);
    }

    private long KeyHere() => BinaryPrimitives.ReadInt64BigEndian(
        new ReadOnlySpan<byte>(RocksDbNative.KeyAt(_iterator, out nint length), (int)length));

    private void Write(nint batch, nint options)
    {
        nint error = 0;
        RocksDbNative.Write(_database, options, batch, ref error);
        Check(error);
    }

    private static void Check(nint error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException(
                $"RocksDB failed: {Marshal.PtrToStringUTF8(error)}");
        }
    }
}
