using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Transactions with what they have still to satisfy when they commit.</summary>
internal sealed partial class QuerySession
{
    private StorageTransaction? _forgotten;

    // Whether the last statement gave its context back, and with it its transaction.
    private bool _isHeldByNobody;

    private StorageTransaction BeginStorage(TransactionIsolation? isolation)
    {
        StorageTransaction? forgotten = _forgotten;
        _forgotten = null;
        _isHeldByNobody = false;
        return _contexts.Temporaries.Attach(
            _engine.Storage.Begin(isolation ?? Settings.Isolation, forgotten));
    }

    // The transaction that is to be committed, when all that was put off is satisfied.
    private StorageTransaction EndChecked(SourcePosition position)
    {
        StorageTransaction transaction = End("COMMIT", position);
        bool isDone = false;
        try
        {
            CheckDeferred(transaction);
            isDone = true;
            return transaction;
        }
        finally
        {
            if (!isDone)
            {
                transaction.Dispose();
            }
        }
    }

    private void CheckDeferred(StorageTransaction transaction)
    {
        ConstraintQueue deferred = _contexts.Deferred;
        if (!deferred.IsEmpty)
        {
            _contexts.Deferred = new ConstraintQueue();
            deferred.Check(_contexts.Create(transaction, [], [], default));
        }
    }

    private void CommitOrDiscard(StorageTransaction transaction, StatementResult result)
    {
        bool isDone = false;
        try
        {
            transaction.Commit(Settings.Durability);
            isDone = true;
        }
        finally
        {
            transaction.Dispose();
            LeaveStatement();
            if (!isDone)
            {
                result.Dispose();
            }
        }

        Forget(transaction);
    }

    private void Forget(StorageTransaction transaction)
    {
        if (_isHeldByNobody && transaction.TryForget())
        {
            _forgotten = transaction;
        }
    }
}
