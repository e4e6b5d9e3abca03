namespace NeuroDb;

/// <summary>
/// A transaction of a session. Everything that the session runs belongs to it until it is committed
/// or rolled back; disposing it without a commit rolls it back.
/// </summary>
public sealed class Transaction : IDisposable, IAsyncDisposable
{
    private readonly Session _session;
    private bool _isDisposed;

    internal Transaction(Session session)
    {
        _session = session;
        IsActive = true;
    }

    /// <summary>Whether it was neither committed nor rolled back.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Makes the changes visible and, as the durability says, permanent.</summary>
    /// <exception cref="ConflictException">
    /// Another transaction changed the same rows first; this one is rolled back, try it again.
    /// </exception>
    public void Commit()
    {
        CheckActive();
        IsActive = false;
        _session.Guard(static query => query.Commit());
    }

    /// <summary>Makes the changes visible and permanent without blocking the caller.</summary>
    /// <param name="cancellationToken">
    /// Gives up waiting; the transaction may be committed all the same.
    /// </param>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        CheckActive();
        cancellationToken.ThrowIfCancellationRequested();
        IsActive = false;
        try
        {
            await _session.Inner().CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>Undoes all changes.</summary>
    public void Rollback()
    {
        CheckActive();
        IsActive = false;
        _session.Guard(static query => query.Rollback());
    }

    /// <summary>Sets a savepoint.</summary>
    public void Savepoint(string name)
    {
        CheckActive();
        _session.Guard(query => query.Savepoint(name));
    }

    /// <summary>Undoes what was done since a savepoint, which stays.</summary>
    public void RollbackTo(string name)
    {
        CheckActive();
        _session.Guard(query => query.RollbackTo(name));
    }

    /// <summary>Forgets a savepoint and keeps what was done since.</summary>
    public void Release(string name)
    {
        CheckActive();
        _session.Guard(query => query.Release(name));
    }

    /// <summary>Rolls the transaction back if it is still active.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (IsActive)
        {
            IsActive = false;
            _session.Abandon();
        }
    }

    /// <summary>Rolls the transaction back if it is still active.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void CheckActive()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!IsActive)
        {
            throw new InvalidOperationException(
                "The transaction is over: it was committed or rolled back.");
        }
    }
}
