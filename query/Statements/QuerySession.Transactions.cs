using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Beginning, ending and dividing transactions.</summary>
internal sealed partial class QuerySession
{
    private StatementResult RunTransactionCommand(StatementSyntax syntax)
    {
        switch (syntax)
        {
            case BeginStatementSyntax begin:
                Begin(withSavepoint: false, syntax.Position, begin.Isolation, begin.IsReadOnly);
                break;
            case CommitStatementSyntax:
                Commit(syntax.Position);
                break;
            case RollbackStatementSyntax { Savepoint: null }:
                Rollback(syntax.Position);
                break;
            case RollbackStatementSyntax { Savepoint: IdentifierSyntax name }:
                RollbackTo(name.Name, syntax.Position);
                break;
            case SavepointStatementSyntax savepoint:
                Savepoint(savepoint.Name.Name);
                break;
            case ReleaseStatementSyntax release:
                Release(release.Name.Name, syntax.Position);
                break;
            default:
                throw Invariant.Broken($"a transaction command: {syntax.GetType().Name}");
        }

        return new StatementResult([], 0);
    }

    private void Begin(
        bool withSavepoint,
        SourcePosition position,
        TransactionIsolation? isolation = null,
        bool isReadOnly = false)
    {
        if (_transaction is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.TransactionActive,
                "A transaction is open already; commit it, roll it back or use SAVEPOINT.",
                position);
        }

        AnswerTicket? ticket = _engine.Answers.Gate.Enter(isTransaction: true);
        _transaction = new SessionTransaction(
            BeginStorage(isolation), withSavepoint, ticket, isReadOnly);
        _contexts.Deferred = new ConstraintQueue();
    }

    private StorageTransaction End(string command, SourcePosition position)
    {
        StorageTransaction transaction = Open(command, position).Storage;
        _transaction = null;
        return transaction;
    }

    private void RollbackTo(string name, SourcePosition position) =>
        Open("ROLLBACK TO", position).RollbackTo(name, position);

    private void Release(string name, SourcePosition position)
    {
        if (Open("RELEASE", position).Release(name, position))
        {
            Commit();
        }
    }

    private SessionTransaction Open(string command, SourcePosition position) =>
        _transaction ?? throw new NeuroStoreException(
            ErrorCode.NoTransaction,
            $"{command} needs an open transaction; begin one with BEGIN.",
            position);
}
