using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// RocksDB with one durable write for each put; its own group commit joins threads.
/// </summary>
internal sealed partial class RocksDbPeer : IDisposable
{
    private const string Library = "librocksdb.so.7.8";
    private readonly nint _database;
    private readonly nint _writeOptions;

    private RocksDbPeer(string path)
    {
        nint options = CreateOptions();
        SetCreateIfMissing(options, 1);
        nint error = 0;
        _database = Open(options, path, ref error);
        _writeOptions = CreateWriteOptions();
        SetSync(_writeOptions, 1);
    }

    /// <summary>The peer, or null where it is not installed.</summary>
    public static RocksDbPeer? TryCreate(string path)
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(Library) ? new RocksDbPeer(path) : null;
    }

    /// <summary>Stores one value durably.</summary>
    public void Put(long key, ReadOnlySpan<byte> value)
    {
        nint error = 0;
        Span<byte> keyBytes = stackalloc byte[8];
        BitConverter.TryWriteBytes(keyBytes, key);
        Put(_database, _writeOptions, keyBytes, 8, value, value.Length, ref error);
        if (error != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8(error));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close(_database);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_create")]
    private static partial nint CreateOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_create_if_missing")]
    private static partial void SetCreateIfMissing(nint options, byte on);

    [LibraryImport(
        Library, EntryPoint = "rocksdb_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(nint options, string path, ref nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_create")]
    private static partial nint CreateWriteOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_set_sync")]
    private static partial void SetSync(nint options, byte on);

    [LibraryImport(Library, EntryPoint = "rocksdb_put")]
    private static partial void Put(
        nint database, nint options, ReadOnlySpan<byte> key, nint keyLength,
        ReadOnlySpan<byte> value, nint valueLength, ref nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_close")]
    private static partial void Close(nint database);
}
