using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>
/// One open database of this process, shared by reference count: the handle that opened it and the
/// connections that joined. The last release closes every file before it returns.
/// </summary>
internal sealed class SharedEngine
{
    private static readonly Dictionary<string, SharedEngine> OpenDirectories = [];

    private readonly Lock _gate = new();
    private readonly string? _path;
    private NeuroStoreOptions _options;
    private QueryEngine? _engine;
    private int _referenceCount;

    private SharedEngine(string? path, NeuroStoreOptions options)
    {
        _path = path;

        // The caller may overwrite its key as soon as the database is open.
        _options = options with { EncryptionKey = options.EncryptionKey?.Copy() };
        Seams = options.Seams ?? SystemSeams.Real();
        if (options.Seams is null && options.ThreadCount > 0)
        {
            Seams = Seams with { Workers = new SystemWorkers(options.ThreadCount) };
        }
    }

    /// <summary>The machine that the database runs on.</summary>
    public SystemSeams Seams { get; }

    /// <summary>The directory, or null in memory.</summary>
    public string? Path => _path;

    /// <summary>The storage of the open database.</summary>
    public StorageEngine Storage =>
        (Volatile.Read(ref _engine) ?? throw EngineErrors.Closed()).Storage;

    /// <summary>Whether the last reference was released.</summary>
    public bool IsClosed => Volatile.Read(ref _engine) is null;

    /// <summary>Opens a database in memory, which nobody else can join.</summary>
    public static SharedEngine OpenInMemory(NeuroStoreOptions options)
    {
        var shared = new SharedEngine(null, options) { _referenceCount = 1 };
        shared.EnsureOpen();
        return shared;
    }

    /// <summary>Opens a directory, or joins it where this process has it open.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">How to open; a join needs the same ones.</param>
    /// <param name="mayJoin">Whether joining is allowed.</param>
    public static SharedEngine Open(string path, NeuroStoreOptions options, bool mayJoin)
    {
        string key = System.IO.Path.TrimEndingDirectorySeparator(
            System.IO.Path.GetFullPath(path));
        SharedEngine? shared;
        if (options.IsReadOnly)
        {
            // Readers disturb nobody, so that each is on its own.
            shared = new SharedEngine(key, options) { _referenceCount = 1 };
            shared.EnsureOpen();
            return shared;
        }

        lock (OpenDirectories)
        {
            if (OpenDirectories.TryGetValue(key, out shared) && shared._referenceCount > 0)
            {
                CheckJoin(shared, key, options, mayJoin);
            }
            else if (shared is null || shared._options != options)
            {
                shared = new SharedEngine(key, options);
                OpenDirectories[key] = shared;
            }

            shared._referenceCount++;
        }

        try
        {
            shared.EnsureOpen();
        }
        catch
        {
            shared.Release();
            throw;
        }

        return shared;
    }

    /// <summary>Takes one more reference to a database that is still open.</summary>
    public void AddReference()
    {
        lock (OpenDirectories)
        {
            if (_referenceCount == 0)
            {
                throw EngineErrors.Closed();
            }

            _referenceCount++;
        }
    }

    /// <summary>Gives a reference back; the last one closes the database.</summary>
    public void Release()
    {
        lock (_gate)
        {
            lock (OpenDirectories)
            {
                Invariant.Check(_referenceCount > 0);
                _referenceCount--;
                if (_referenceCount > 0)
                {
                    return;
                }
            }

            try
            {
                CloseEngine();
            }
            finally
            {
                Forget();
            }
        }
    }

    /// <summary>Changes the key; whoever joins from now on needs the new one.</summary>
    public void Rekey(EncryptionKey key)
    {
        lock (_gate)
        {
            try
            {
                Storage.Rekey(key);
            }
            catch (Exception error) when (EngineErrors.IsForeign(error))
            {
                throw EngineErrors.Translate(error);
            }

            lock (OpenDirectories)
            {
                _options.EncryptionKey?.Dispose();
                _options = _options with { EncryptionKey = key.Copy() };
            }
        }
    }

    /// <summary>
    /// A session of its own for one caller. It is cheap, and a new one has no settings of others.
    /// </summary>
    public QuerySession OpenSession() =>
        (Volatile.Read(ref _engine) ?? throw EngineErrors.Closed()).OpenSession();

    private static void CheckJoin(
        SharedEngine shared, string path, NeuroStoreOptions options, bool mayJoin)
    {
        if (!mayJoin)
        {
            throw new NeuroStoreException(
                ErrorCode.DatabaseLocked,
                $"This process has the database {path} open already. Use that NeuroStore, or "
                + "open connections to it.");
        }

        if (!Equals(options.EncryptionKey, shared._options.EncryptionKey))
        {
            throw EngineErrors.OtherKey(path, options.EncryptionKey, shared._options.EncryptionKey);
        }

        if (options != shared._options)
        {
            throw new NeuroStoreException(
                ErrorCode.DatabaseLocked,
                $"This process has the database {path} open with other options. Give every "
                + "connection the same durability, accelerator, threads and memory budget.");
        }
    }

    private void EnsureOpen()
    {
        lock (_gate)
        {
            if (_engine is not null)
            {
                return;
            }

            try
            {
                QueryEngine engine = QueryEngine.Open(Seams, _path, new QueryEngineOptions
                {
                    Durability = _options.Durability,
                    Accelerator = _options.Accelerator,
                    IsReadOnly = _options.IsReadOnly,
                    Encoders = _options.Encoders,
                    FileRoots = _options.FileRoots,
                    Models = _options.Models,
                    OnnxRuntimePath = _options.OnnxRuntimePath,
                    RefreshSharePercent = _options.RefreshSharePercent,
                    Storage = _options.Storage with
                    {
                        Key = _options.EncryptionKey,
                        MemoryBudgetBytes = _options.MemoryBudgetBytes,
                        RetainLog = _options.RetainLog ?? _options.Storage.RetainLog,
                        ScrubInterval = _options.ScrubInterval > TimeSpan.Zero
                            ? _options.ScrubInterval
                            : null,
                        ScrubBytesPerSecond = _options.ScrubBytesPerSecond,
                        CheckpointBytesPerSecond = _options.CheckpointBytesPerSecond,
                    },
                });
                CheckAccelerator(engine);
                _engine = engine;
            }
            catch (Exception error) when (EngineErrors.IsForeign(error))
            {
                throw EngineErrors.Translate(error);
            }
        }
    }

    /// <summary>A missing device is an error of the opening, not of the first query.</summary>
    private void CheckAccelerator(QueryEngine engine)
    {
        try
        {
            engine.Accelerators.Resolve(_options.Accelerator);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private void CloseEngine()
    {
        QueryEngine? engine = _engine;
        _engine = null;
        try
        {
            engine?.Dispose();
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    private void Forget()
    {
        lock (OpenDirectories)
        {
            if (_referenceCount > 0)
            {
                return;
            }

            _options.EncryptionKey?.Dispose();
            if (_path is not null
                && OpenDirectories.TryGetValue(_path, out SharedEngine? known)
                && ReferenceEquals(known, this))
            {
                OpenDirectories.Remove(_path);
            }
        }
    }
}
