using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Data;

/// <summary>
/// An ADO.NET connection: a session of a database. Connections of one process to one directory
/// share the open database; closing the last one closes its files before it returns.
/// </summary>
public sealed class NeuroConnection : DbConnection
{
    private readonly NeuroDataSource? _dataSource;
    private NeuroConnectionStringBuilder _settings = new();
    private string _connectionString = string.Empty;
    private SharedEngine? _shared;
    private Session? _session;
    private bool _isDisposed;

    /// <summary>Makes a connection without a connection string.</summary>
    public NeuroConnection()
    {
    }

    /// <summary>Makes a connection.</summary>
    /// <param name="connectionString">See <see cref="NeuroConnectionStringBuilder"/>.</param>
    public NeuroConnection(string connectionString) => ConnectionString = connectionString;

    internal NeuroConnection(NeuroDataSource dataSource)
    {
        _dataSource = dataSource;
        _connectionString = dataSource.ConnectionString;
        _settings = new NeuroConnectionStringBuilder(_connectionString);
    }

    /// <inheritdoc/>
    [AllowNull]
    public override string ConnectionString
    {
        get => _connectionString;
        set
        {
            if (_session is not null)
            {
                throw new InvalidOperationException(
                    "The connection string cannot change while the connection is open.");
            }

            _settings = new NeuroConnectionStringBuilder(value ?? string.Empty);
            _connectionString = value ?? string.Empty;
        }
    }

    /// <summary>The name of the database; empty while closed.</summary>
    public override string Database => _session is null ? string.Empty : "main";

    /// <summary>The directory, or :memory:; empty while closed.</summary>
    public override string DataSource => _session is null
        ? string.Empty
        : _shared?.Path ?? NeuroDataSource.InMemoryPath;

    /// <summary>The version of the engine.</summary>
    public override string ServerVersion
    {
        get
        {
            _ = OpenSession();
            return typeof(NeuroStore).Assembly.GetName().Version!.ToString(3);
        }
    }

    /// <inheritdoc/>
    public override ConnectionState State =>
        _session is null ? ConnectionState.Closed : ConnectionState.Open;

    /// <inheritdoc/>
    public override bool CanCreateBatch => true;

    /// <inheritdoc/>
    protected override DbProviderFactory DbProviderFactory => NeuroProviderFactory.Instance;

    /// <summary>The transaction that is open, if one is.</summary>
    internal NeuroTransaction? CurrentTransaction { get; set; }

    /// <summary>The reader that is open, if one is.</summary>
    internal NeuroDataReader? CurrentReader { get; set; }

    /// <summary>The seconds that a command may take unless it says otherwise.</summary>
    internal int DefaultTimeout => _settings.CommandTimeout;

    /// <inheritdoc/>
    public override void Open()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_session is not null)
        {
            throw new InvalidOperationException("The connection is open already.");
        }

        _shared = Acquire();
        _session = new Session(_shared);
        _connectionString = _settings.WithoutPassword(_connectionString);
        OnStateChange(new StateChangeEventArgs(ConnectionState.Closed, ConnectionState.Open));
    }

    /// <inheritdoc/>
    public override Task OpenAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : Background.Run(new SystemWorkers(1), OpenNow, cancellationToken);

    /// <inheritdoc/>
    public override void Close()
    {
        if (_session is null)
        {
            return;
        }

        CurrentReader?.Close();
        CurrentTransaction?.Forget();
        CurrentTransaction = null;
        Session session = _session;
        SharedEngine shared = _shared!;
        _session = null;
        _shared = null;
        try
        {
            session.Dispose();
        }
        finally
        {
            shared.Release();
        }

        OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
    }

    /// <summary>There is one database for each connection; this always fails.</summary>
    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException(
        "A connection has one database; open another connection for another directory.");

    /// <summary>Makes a command of this connection.</summary>
    public new NeuroCommand CreateCommand() => new() { Connection = this };

    /// <summary>Begins a transaction with snapshot isolation.</summary>
    public new NeuroTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified);

    /// <summary>
    /// Begins a transaction. Every level up to snapshot is given snapshot isolation, and
    /// serializable is.
    /// </summary>
    /// <param name="isolationLevel">The level asked for.</param>
    public new NeuroTransaction BeginTransaction(IsolationLevel isolationLevel)
    {
        Session session = OpenSession();
        IsolationLevel granted = NeuroTransaction.Grant(isolationLevel);
        if (CurrentTransaction is not null)
        {
            throw new InvalidOperationException(
                "A transaction is open already; transactions of one connection do not nest. Use "
                + "a savepoint.");
        }

        TransactionIsolation? isolation = isolationLevel switch
        {
            IsolationLevel.Unspecified => null,
            IsolationLevel.Serializable => TransactionIsolation.Serializable,
            _ => TransactionIsolation.Snapshot,
        };
        CurrentTransaction = new NeuroTransaction(
            this, session.BeginTransaction(isolation), granted);
        return CurrentTransaction;
    }

    /// <inheritdoc/>
    public override DataTable GetSchema() => SchemaCollections.Get(OpenSession(), null, []);

    /// <inheritdoc/>
    public override DataTable GetSchema(string collectionName) =>
        SchemaCollections.Get(OpenSession(), collectionName, []);

    /// <inheritdoc/>
    public override DataTable GetSchema(string collectionName, string?[] restrictionValues) =>
        SchemaCollections.Get(OpenSession(), collectionName, restrictionValues);

    /// <inheritdoc/>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        BeginTransaction(isolationLevel);

    /// <inheritdoc/>
    protected override DbCommand CreateDbCommand() => CreateCommand();

    /// <inheritdoc/>
    protected override DbBatch CreateDbBatch() => new NeuroBatch { Connection = this };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            Close();
            _isDisposed = true;
        }

        base.Dispose(disposing);
    }

    /// <summary>The session, if the connection is open.</summary>
    internal Session OpenSession() => _session ?? throw new InvalidOperationException(
        "The connection is closed; call Open first.");

    private SharedEngine Acquire()
    {
        if (_dataSource is not null)
        {
            return _dataSource.Acquire();
        }

        string path = _settings.DataSource;
        if (path.Length == 0)
        {
            throw new InvalidOperationException(
                "The connection string names no Data Source: give a directory or :memory:.");
        }

        return _settings.Open();
    }

    private bool OpenNow()
    {
        Open();
        return true;
    }
}
