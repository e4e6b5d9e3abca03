using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>One statement for several sets of parameters, as batches of programs have it.</summary>
internal sealed partial class QuerySession
{
    /// <summary>
    /// Runs a statement for several sets of parameters with the outcome of one after the other, but
    /// that their keys are looked up together, that queries have one snapshot, and changes one
    /// commit. What fails is left to who runs them one by one, and says which of them it was.
    /// </summary>
    /// <param name="statement">The statement.</param>
    /// <param name="sets">The values of its parameters, two sets or more.</param>
    /// <param name="cancellation">Stops it; nothing of it is stored then.</param>
    /// <returns>
    /// The rows of each set, or counts of changed rows; null if nothing was done, because the
    /// statement is none for that or a set fails.
    /// </returns>
    public StatementResult[]? TryExecuteMany(
        PreparedStatement statement,
        IReadOnlyList<Value[]> sets,
        CancellationToken cancellation)
    {
        if (statement.Kind is not (StatementKind.Change or StatementKind.Query)
            || SettingStatements.IsOne(statement.Syntax)
            || sets.Any(static set => Array.Exists(set, static value => value.Input is not null)))
        {
            return null;
        }

        StatementActivity activity = _engine.Answers.Activity;
        bool isCounted = activity.Enter();
        try
        {
            _alerts.Begin();
            Enter(statement, cancellation);
            return RunMany(statement, sets, cancellation);
        }
        finally
        {
            LeaveStatement();
            if (isCounted)
            {
                activity.Leave();
            }
        }
    }

    private StatementResult[]? RunMany(
        PreparedStatement statement,
        IReadOnlyList<Value[]> sets,
        CancellationToken cancellation)
    {
        bool isOwn = _transaction is null;
        StorageTransaction transaction = _transaction?.Storage ?? BeginStorage(null);
        int savepoint = isOwn ? -1 : transaction.Savepoint();
        StatementResult[]? results = null;
        bool isOver = isOwn;
        try
        {
            results = RunMany(statement, sets, transaction, cancellation);
            if (results is null)
            {
                return null;
            }

            if (statement.Kind == StatementKind.Change)
            {
                CommitOwn(isOwn ? transaction : null);
                Array.ForEach(results, result => _changes.Count(result.RowsAffected));
            }
            else if (isOwn)
            {
                results[^1].DisposeAfter(transaction);
                isOver = false;
            }

            return results;
        }
        catch (Exception error) when (error is ConstraintException or ConflictException
            || (results is null && error is NeuroStoreException or OpenTypeException
                or PivotValuesException))
        {
            return null;
        }
        finally
        {
            if (isOver)
            {
                transaction.Dispose();
            }
            else if (results is null)
            {
                transaction.RollbackTo(savepoint);
            }
        }
    }

    private void CommitOwn(StorageTransaction? transaction)
    {
        if (transaction is not null)
        {
            CheckDeferred(transaction);
            transaction.Commit(Settings.Durability);
        }
    }

    private StatementResult[]? RunMany(
        PreparedStatement statement,
        IReadOnlyList<Value[]> sets,
        StorageTransaction transaction,
        CancellationToken cancellation)
    {
        BoundVariant bound = statement.Bind(
            transaction.Catalog, TypedOf(sets), Settings.NullPlacement);
        if (!sets.All(set => bound.Takes(set)))
        {
            return null;
        }

        if (bound.Statement.ChangesData)
        {
            _engine.Storage.CheckWritable();
            _transaction?.CheckWritable(statement.Syntax.Position);
        }

        _contexts.LastNotices = _notices.Texts;
        ExecutionContext context = _contexts.Create(
            transaction, sets[0], bound.Notices, cancellation);
        if (!bound.Statement.CanRunMany(context))
        {
            return null;
        }

        using OwnedResources? owned = bound.Statement.ChangesData ? context.Owned : null;
        StatementResult[]? results = bound.Statement.RunMany(context, sets);
        if (results is not null)
        {
            _notices = context.Notices;
        }

        return results;
    }

    // A value of each parameter that tells its type.
    private static Value[] TypedOf(IReadOnlyList<Value[]> sets)
    {
        Value[] typed = [.. sets[0]];
        for (int i = 0; i < typed.Length; i++)
        {
            for (int row = 1; typed[i].IsNull && row < sets.Count; row++)
            {
                typed[i] = sets[row][i];
            }
        }

        return typed;
    }
}
