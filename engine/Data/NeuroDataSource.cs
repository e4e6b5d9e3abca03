using System.Data.Common;

namespace NeuroDb.Data;

/// <summary>
/// Makes connections to one database and keeps it open in between. A data source of a
/// <see cref="NeuroStore"/> lives as long as that.
/// </summary>
public sealed class NeuroDataSource : DbDataSource
{
    /// <summary>The data source that stands for memory.</summary>
    internal const string InMemoryPath = ":memory:";

    private readonly Lock _gate = new();
    private readonly NeuroConnectionStringBuilder _settings;
    private readonly bool _isOwner;
    private SharedEngine? _shared;
    private bool _isDisposed;

    /// <summary>Makes a data source; the database is opened with the first connection.</summary>
    /// <param name="connectionString">See <see cref="NeuroConnectionStringBuilder"/>.</param>
    public NeuroDataSource(string connectionString)
    {
        _settings = new NeuroConnectionStringBuilder(connectionString);
        if (_settings.DataSource.Length == 0)
        {
            throw new ArgumentException(
                "The connection string names no Data Source: give a directory or :memory:.",
                nameof(connectionString));
        }

        ConnectionString = _settings.WithoutPassword(connectionString);
        _isOwner = true;
    }

    internal NeuroDataSource(SharedEngine shared)
    {
        _shared = shared;
        _settings = new NeuroConnectionStringBuilder
        {
            DataSource = shared.Path ?? InMemoryPath,
        };
        ConnectionString = _settings.ConnectionString;
    }

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <summary>Makes a connection, not yet open.</summary>
    public new NeuroConnection CreateConnection()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new NeuroConnection(this);
    }

    /// <summary>Opens a connection.</summary>
    public new NeuroConnection OpenConnection()
    {
        NeuroConnection connection = CreateConnection();
        connection.Open();
        return connection;
    }

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => CreateConnection();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        SharedEngine? owned = null;
        lock (_gate)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                owned = _isOwner ? _shared : null;
            }
        }

        owned?.Release();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        Dispose(true);
        await base.DisposeAsyncCore().ConfigureAwait(false);
    }

    /// <summary>The open database, with a reference for the caller.</summary>
    internal SharedEngine Acquire()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _shared ??= _settings.Open();
            _shared.AddReference();
            return _shared;
        }
    }
}
