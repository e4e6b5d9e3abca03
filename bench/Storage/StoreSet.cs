namespace NeuroDb.Bench;

/// <summary>One store of each kind, each in a directory of its own.</summary>
internal sealed class StoreSet(StoreKind[] kinds, TemporaryFolder folder, string name)
    : IDisposable
{
    private IRowStore[] _stores = [];

    /// <summary>The kinds.</summary>
    public StoreKind[] Kinds => kinds;

    /// <summary>The open stores, in the order of the kinds.</summary>
    public IReadOnlyList<IRowStore> Stores => _stores;

    /// <summary>The open store of a kind; null if it is not installed.</summary>
    public IRowStore? this[StoreKind kind] =>
        Array.IndexOf(kinds, kind) is int i and >= 0 ? _stores[i] : null;

    /// <summary>The directory of a store, made if it is not there.</summary>
    public string PathOf(StoreKind kind)
    {
        string path = folder.File($"{name}-{kind.Name}");
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>The bytes of a store's files.</summary>
    public long SizeBytesOf(StoreKind kind) =>
        Directory.GetFiles(PathOf(kind), "*", SearchOption.AllDirectories)
            .Sum(static file => new FileInfo(file).Length);

    /// <summary>Opens all stores.</summary>
    public void Open() => _stores = [.. kinds.Select(kind => kind.Open(PathOf(kind)))];

    /// <summary>Closes all stores.</summary>
    public void Close()
    {
        foreach (IRowStore store in _stores)
        {
            store.Dispose();
        }

        _stores = [];
    }

    /// <summary>Deletes the files of a closed store.</summary>
    public void Delete(StoreKind kind) => Directory.Delete(PathOf(kind), recursive: true);

    /// <summary>Closes all stores and deletes their files.</summary>
    public void Dispose()
    {
        Close();
        foreach (StoreKind kind in kinds)
        {
            Delete(kind);
        }
    }
}
