using System.Data;
using System.Data.Common;

namespace NeuroDb.Data;

/// <summary>A transaction of a connection, with snapshot isolation.</summary>
public sealed class NeuroTransaction : DbTransaction
{
    private readonly Transaction _inner;
    private NeuroConnection? _connection;
    private bool _isDisposed;

    internal NeuroTransaction(
        NeuroConnection connection, Transaction inner, IsolationLevel isolationLevel)
    {
        _connection = connection;
        _inner = inner;
        IsolationLevel = isolationLevel;
    }

    /// <summary>The connection; null when the transaction is over.</summary>
    public new NeuroConnection? Connection => _connection;

    /// <inheritdoc/>
    public override IsolationLevel IsolationLevel { get; }

    /// <inheritdoc/>
    public override bool SupportsSavepoints => true;

    /// <inheritdoc/>
    protected override DbConnection? DbConnection => _connection;

    /// <inheritdoc/>
    public override void Commit()
    {
        Leave();
        _inner.Commit();
    }

    /// <inheritdoc/>
    public override Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Leave();
        return _inner.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Rollback()
    {
        Leave();
        _inner.Rollback();
    }

    /// <inheritdoc/>
    public override void Save(string savepointName)
    {
        CheckActive();
        _inner.Savepoint(savepointName);
    }

    /// <inheritdoc/>
    public override void Rollback(string savepointName)
    {
        CheckActive();
        _inner.RollbackTo(savepointName);
    }

    /// <inheritdoc/>
    public override void Release(string savepointName)
    {
        CheckActive();
        _inner.Release(savepointName);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            if (_connection is not null)
            {
                Leave();
            }

            _isDisposed = true;
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// The level that is given for the one asked for: snapshot for every weaker or equal one.
    /// </summary>
    internal static IsolationLevel Grant(IsolationLevel asked) => asked switch
    {
        IsolationLevel.Unspecified or IsolationLevel.Snapshot or IsolationLevel.ReadUncommitted
            or IsolationLevel.ReadCommitted or IsolationLevel.RepeatableRead =>
            IsolationLevel.Snapshot,
        IsolationLevel.Serializable => IsolationLevel.Serializable,
        _ => throw new ArgumentException(
            $"The isolation level {asked} has no meaning here; ask for Snapshot.", nameof(asked)),
    };

    /// <summary>The connection closes: the session rolls the transaction back.</summary>
    internal void Forget() => _connection = null;

    private void CheckActive()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is null)
        {
            throw new InvalidOperationException(
                "The transaction is over: it was committed or rolled back.");
        }
    }

    private void Leave()
    {
        CheckActive();
        _connection!.CurrentReader?.Close();
        _connection.CurrentTransaction = null;
        _connection = null;
    }
}
