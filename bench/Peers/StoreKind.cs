namespace NeuroDb.Bench;

/// <summary>A kind of store that the storage bench measures.</summary>
/// <param name="Name">The name of its column.</param>
/// <param name="Library">The native library it needs; null for NeuroStore.</param>
/// <param name="Open">Opens the store in a directory that exists.</param>
internal sealed record StoreKind(string Name, string? Library, Func<string, IRowStore> Open)
{
    /// <summary>NeuroStore itself.</summary>
    public static readonly StoreKind NeuroStore =
        new("NeuroStore", null, static path => new NeuroRowStore(path));

    /// <summary>SQLite.</summary>
    public static readonly StoreKind Sqlite =
        new("SQLite", SqliteNative.Library, static path => new SqliteRowStore(path));

    /// <summary>LMDB.</summary>
    public static readonly StoreKind Lmdb =
        new("LMDB", LmdbNative.Library, static path => new LmdbRowStore(path));

    /// <summary>RocksDB.</summary>
    public static readonly StoreKind RocksDb =
        new("RocksDB", RocksDbNative.Library, static path => new RocksDbRowStore(path));

    /// <summary>DuckDB.</summary>
    public static readonly StoreKind DuckDb =
        new("DuckDB", DuckDbNative.Library, static path => new DuckDbRowStore(path));

    /// <summary>All of them, NeuroStore first.</summary>
    public static readonly StoreKind[] All = [NeuroStore, Sqlite, Lmdb, RocksDb, DuckDb];

    /// <summary>Whether the library is installed; a store without it is a named gap.</summary>
    public bool IsPresent
    {
        get
        {
            PeerLibrary.Register();
            return Library is null || PeerLibrary.IsPresent(Library);
        }
    }
}
