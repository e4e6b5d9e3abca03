using NeuroDb.Data;
using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>
/// An open database: one directory on disk, or memory. Any thread may call it; calls that need
/// several statements in one transaction use a <see cref="Session"/>.
/// </summary>
/// <remarks>
/// A directory is open once: opening it again, from this process or another, fails with
/// <see cref="ErrorCode.DatabaseLocked"/>. ADO.NET connections to the same directory join it.
/// </remarks>
public sealed partial class NeuroStore : IDisposable, IAsyncDisposable
{
    private readonly SharedEngine _shared;
    private readonly Lock _gate = new();
    private NeuroDataSource? _dataSource;
    private readonly AlertList _alerts;
    private bool _isDisposed;

    private NeuroStore(SharedEngine shared)
    {
        _shared = shared;
        _alerts = shared.Storage.Alerts;
        _alerts.Added += OnAlert;
    }

    /// <summary>The directory of the database; empty in memory.</summary>
    public string Path => _shared.Path ?? string.Empty;

    /// <summary>ADO.NET connections to this database, for libraries that want them.</summary>
    public NeuroDataSource DataSource
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            lock (_gate)
            {
                return _dataSource ??= new NeuroDataSource(_shared);
            }
        }
    }

    /// <summary>Opens the database in a directory, which is made if it does not exist.</summary>
    /// <param name="path">The directory; :memory: is <see cref="OpenInMemory"/>.</param>
    /// <param name="options">How to open; the defaults are safe.</param>
    /// <exception cref="NeuroStoreException">
    /// The directory is locked, damaged, or holds something else.
    /// </exception>
    public static NeuroStore Open(string path, NeuroStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return path == NeuroDataSource.InMemoryPath
            ? OpenInMemory(options)
            : new(SharedEngine.Open(path, options ?? new(), mayJoin: false));
    }

    /// <summary>Opens the database in a directory without blocking the caller.</summary>
    /// <param name="path">The directory; :memory: is <see cref="OpenInMemory"/>.</param>
    /// <param name="options">How to open; the defaults are safe.</param>
    /// <param name="cancellationToken">Gives up before the opening begins.</param>
    public static Task<NeuroStore> OpenAsync(
        string path,
        NeuroStoreOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        IWorkers workers = options?.Seams?.Workers ?? new SystemWorkers(1);
        return Background.Run(workers, () => Open(path, options), cancellationToken);
    }

    /// <summary>
    /// Verifies a database that nobody has open, also one that cannot be opened; nothing is
    /// changed. Of an open one, run PRAGMA integrity_check.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="key">The key of an encrypted database.</param>
    /// <param name="isQuick">Whether the checksums alone are enough.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is wrong; nothing if all is as it was written.</returns>
    /// <exception cref="NeuroStoreException">
    /// It is no database, is open, or the key is not the right one.
    /// </exception>
    public static IReadOnlyList<IntegrityIssue> Verify(
        string path,
        EncryptionKey? key = null,
        bool isQuick = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return [.. DirectoryVerifier
                .Verify(SystemSeams.Real(), path, key, isQuick, cancellationToken)
                .Select(IntegrityIssue.Of)];
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>
    /// Reads a damaged database as far as it can be read and writes every row outside the damage
    /// into a new one, which has the same key. The damaged directory stays as it is.
    /// </summary>
    /// <param name="path">The damaged directory, which nobody has open.</param>
    /// <param name="target">The new directory.</param>
    /// <param name="key">The key of an encrypted database.</param>
    /// <param name="cancellationToken">Gives up; the new directory is then incomplete.</param>
    /// <exception cref="NeuroStoreException">
    /// There is no database, the target is not empty, the key is not the right one, or what held
    /// the key is lost.
    /// </exception>
    public static SalvageReport Salvage(
        string path,
        string target,
        EncryptionKey? key = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        try
        {
            SalvageResult result = DatabaseSalvage.Run(
                SystemSeams.Real(),
                path,
                target,
                new StorageOptions { Key = key },
                cancellationToken);
            return new SalvageReport(
                result.Tables.ToDictionary(
                    static table => table.Table, static table => table.RowCount),
                [.. result.Losses.Select(SalvageIssue.Of)]);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>Makes an empty database in memory, gone when it is disposed.</summary>
    /// <param name="options">How to open; the defaults suit.</param>
    public static NeuroStore OpenInMemory(NeuroStoreOptions? options = null) =>
        new(SharedEngine.OpenInMemory(options ?? new()));

    /// <summary>Opens a session; dispose it before the database.</summary>
    public Session OpenSession()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new Session(_shared);
    }

    /// <summary>Runs a statement or a script and forgets its rows.</summary>
    /// <param name="sql">Statements separated by semicolons.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    /// <returns>The rows changed by all statements together; -1 if none changes rows.</returns>
    public long Execute(string sql, params ReadOnlySpan<object?> parameters)
    {
        using Session session = OpenSession();
        long affected = session.Execute(sql, parameters);
        return session.IsInTransaction ? throw OpenTransaction() : affected;
    }

    /// <summary>Runs a query and gives its rows; of a script, those of the last one.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    public ResultReader Query(string sql, params ReadOnlySpan<object?> parameters)
    {
        Session session = OpenSession();
        try
        {
            StatementResult result = session.RunScript(sql, parameters, out _, default);
            return new ResultReader(
                new RowCursor(result), _shared.Seams.Workers, owner: session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs a query and gives the first value of its first row; the default of T if there is no
    /// row or the value is NULL.
    /// </summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    public T? QueryScalar<T>(string sql, params ReadOnlySpan<object?> parameters)
    {
        using Session session = OpenSession();
        return session.QueryScalar<T>(sql, parameters);
    }

    /// <summary>Opens the fast way to append many rows to a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns that are given; all of them if none is named.</param>
    public Appender CreateAppender(string table, params ReadOnlySpan<string> columns)
    {
        Session session = OpenSession();
        try
        {
            return new Appender(session, table, columns, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>An ADO.NET connection to this database, not yet open.</summary>
    public NeuroConnection CreateConnection() => DataSource.CreateConnection();

    /// <summary>
    /// Changes the key of an encrypted database, durably: the new key opens it from now on, the old
    /// one does not. It takes the same short time whatever the size: the data stays as it is, only
    /// the lock before it is new.
    /// </summary>
    /// <param name="key">The new key or password; it may be disposed afterwards.</param>
    /// <exception cref="NeuroStoreException">
    /// The database is not encrypted, or the file with its key cannot be written.
    /// </exception>
    public void Rekey(EncryptionKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _shared.Rekey(key);
    }

    /// <summary>
    /// Copies all that is committed into another directory, which can be opened as a database of
    /// its own then; commits go on meanwhile. Given a directory with an earlier backup of this
    /// database, it copies only the files that are new. An encrypted database is copied as it is
    /// and needs the same key. To restore, open the directory, or copy it and open the copy.
    /// </summary>
    /// <param name="path">The directory; new, empty or an earlier backup.</param>
    /// <param name="cancellationToken">
    /// Gives the backup up: an earlier backup there stays what it was, and the next attempt goes on
    /// from what is copied.
    /// </param>
    /// <exception cref="NeuroStoreException">
    /// The directory holds something else, was written to since the earlier backup, or cannot be
    /// written.
    /// </exception>
    public BackupSummary BackUp(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            return _shared.Storage.BackUp(path, isCompact: false, cancellationToken);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>As <see cref="BackUp"/>, without blocking the caller.</summary>
    /// <param name="path">The directory; new, empty or an earlier backup.</param>
    /// <param name="cancellationToken">Gives the backup up.</param>
    public Task<BackupSummary> BackUpAsync(
        string path, CancellationToken cancellationToken = default) =>
        Background.Run(
            _shared.Seams.Workers, () => BackUp(path, cancellationToken), cancellationToken);

    /// <summary>
    /// Closes the database and every file of it. Sessions that are still open fail from then on;
    /// open ADO.NET connections keep the directory until they close.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        try
        {
            _shared.Release();
        }
        finally
        {
            _alerts.Added -= OnAlert;
        }
    }

    /// <summary>Closes the database without blocking the caller.</summary>
    public async ValueTask DisposeAsync() =>
        await Background.Run(_shared.Seams.Workers, DisposeNow, CancellationToken.None)
            .ConfigureAwait(false);

    private static InvalidOperationException OpenTransaction() => new(
        "The script left its transaction open, which was rolled back. End it in the same call, or "
        + "open a Session for a transaction over several calls.");

    private bool DisposeNow()
    {
        Dispose();
        return true;
    }
}
