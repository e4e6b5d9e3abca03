using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// How a session and work in the background make way for each other: who changes rows comes in
/// before his snapshot is taken, and leaves after his commit.
/// </summary>
internal sealed partial class QuerySession
{
    private AnswerTicket? _ticket;
    private bool _hasDefined;

    /// <summary>Makes the open transaction's changes visible and durable.</summary>
    public void Commit() => Commit(default);

    /// <summary>
    /// As <see cref="Commit()"/>, without holding a thread while the log is written.
    /// </summary>
    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        AnswerTicket? ticket = _transaction?.Ticket;
        try
        {
            using StorageTransaction transaction = EndChecked(default);
            await transaction.CommitAsync(Settings.Durability, CancellationToken.None)
                .ConfigureAwait(false);
        }
        finally
        {
            Leave(ticket);
        }
    }

    /// <summary>Forgets the open transaction's changes.</summary>
    public void Rollback() => Rollback(default(SourcePosition));

    private void Commit(SourcePosition position)
    {
        AnswerTicket? ticket = _transaction?.Ticket;
        try
        {
            using StorageTransaction transaction = EndChecked(position);
            transaction.Commit(Settings.Durability);
        }
        finally
        {
            Leave(ticket);
        }
    }

    private void Rollback(SourcePosition position)
    {
        AnswerTicket? ticket = _transaction?.Ticket;
        try
        {
            End("ROLLBACK", position).Dispose();
        }
        finally
        {
            Leave(ticket);
        }
    }

    // Comes in with a statement that changes something; a training changes no rows that others do.
    private void Enter(PreparedStatement statement, CancellationToken cancellation)
    {
        StatementKind kind = statement.Kind;
        if (kind == StatementKind.Change)
        {
            _engine.Storage.WaitForMemory(cancellation);
        }

        if (kind is not (StatementKind.Change or StatementKind.Definition)
            || statement.Syntax is CreateModelStatementSyntax or RetrainModelStatementSyntax)
        {
            return;
        }

        _hasDefined |= kind == StatementKind.Definition;
        if (_transaction is not null)
        {
            _engine.Answers.Gate.BeginWrite(_transaction.Ticket);
        }
        else
        {
            _ticket = _engine.Answers.Gate.Enter(
                isTransaction: false, isLoad: statement.Syntax is CopyStatementSyntax);
        }
    }

    // Ends what failed; who has nothing to commit leaves.
    private void Release(StorageTransaction? failed, StorageTransaction? commit)
    {
        failed?.Dispose();
        if (commit is null)
        {
            LeaveStatement();
        }
    }

    private void LeaveStatement()
    {
        AnswerTicket? ticket = _ticket;
        _ticket = null;
        Leave(ticket);
    }

    private ValueTask LeaveAfter(ValueTask durable)
    {
        AnswerTicket? ticket = _ticket;
        _ticket = null;
        return ticket is null ? durable : LeaveAfter(durable, ticket);
    }

    private async ValueTask LeaveAfter(ValueTask durable, AnswerTicket ticket)
    {
        try
        {
            await durable.ConfigureAwait(false);
        }
        finally
        {
            Leave(ticket);
        }
    }

    private void Leave(AnswerTicket? ticket)
    {
        if (ticket is not null)
        {
            _engine.Answers.Leave(ticket);
        }

        if (_hasDefined && _transaction is null)
        {
            // The definition may be the first that asks for work.
            _hasDefined = false;
            _engine.Answers.Look();
        }
    }
}
