using System.Data;
using System.Data.Common;
using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>
/// Several statements with parameters of their own, run one after the other. Where the same text
/// is repeated, the keys of a query, INSERT, UPDATE or DELETE by a key are looked up together, and
/// outside a transaction such changes have one commit.
/// </summary>
public sealed class NeuroBatch : DbBatch
{
    private CommandExecution? _execution;

    /// <summary>The statements.</summary>
    public new NeuroBatchCommandCollection BatchCommands { get; } = [];

    /// <summary>The connection that it runs on.</summary>
    public new NeuroConnection? Connection { get; set; }

    /// <summary>The transaction that it belongs to; needed while one is open.</summary>
    public new NeuroTransaction? Transaction { get; set; }

    /// <summary>The seconds that all of it may take; 0 is without limit.</summary>
    public override int Timeout { get; set; }

    /// <inheritdoc/>
    protected override DbBatchCommandCollection DbBatchCommands => BatchCommands;

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => Connection;
        set => Connection = (NeuroConnection?)value;
    }

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => Transaction;
        set => Transaction = (NeuroTransaction?)value;
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        try
        {
            Volatile.Read(ref _execution)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The execution ended between the two steps: there is nothing left to stop.
        }
    }

    /// <inheritdoc/>
    public override int ExecuteNonQuery() => ExecuteNonQuery(default);

    /// <inheritdoc/>
    public override object? ExecuteScalar() => ExecuteScalar(default);

    /// <inheritdoc/>
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default) =>
        Background.Run(
            Session().Workers, () => ExecuteNonQuery(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task<object?> ExecuteScalarAsync(
        CancellationToken cancellationToken = default) =>
        Background.Run(
            Session().Workers, () => ExecuteScalar(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override void Prepare() => Steps(Session());

    /// <inheritdoc/>
    public override Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Prepare();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override DbBatchCommand CreateDbBatchCommand() => new NeuroBatchCommand();

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Execute(behavior, default);

    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken) =>
        await Background.Run(
            Session().Workers, () => Execute(behavior, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    private Session Session() => Connection?.OpenSession()
        ?? throw new InvalidOperationException("The batch has no Connection.");

    private int ExecuteNonQuery(CancellationToken cancellationToken)
    {
        using NeuroDataReader reader = Execute(CommandBehavior.Default, cancellationToken);
        reader.Close();
        return reader.RecordsAffected;
    }

    private object? ExecuteScalar(CancellationToken cancellationToken)
    {
        using NeuroDataReader reader = Execute(CommandBehavior.Default, cancellationToken);
        return reader.Read() ? reader.GetValue(0) : null;
    }

    private NeuroDataReader Execute(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        Session session = Session();
        NeuroCommand.CheckTransaction(Connection!, Transaction);
        if (Connection!.CurrentReader is not null)
        {
            throw new InvalidOperationException(
                "A reader of the connection is open; close it before the next batch.");
        }

        var execution = new CommandExecution(
            session, Steps(session), behavior, Timeout, cancellationToken);
        Volatile.Write(ref _execution, execution);
        return NeuroDataReader.Open(Connection, execution);
    }

    private List<CommandStep> Steps(Session session)
    {
        var steps = new List<CommandStep>();
        string? text = null;
        IReadOnlyList<PreparedStatement> statements = [];
        foreach (DbBatchCommand command in BatchCommands)
        {
            // What is repeated is one statement, whether or not a cache holds it.
            if (command.CommandText != text)
            {
                text = command.CommandText;
                statements = session.PrepareScript(text);
            }

            CommandStep.AddAll(
                steps, statements, ((NeuroBatchCommand)command).Parameters);
        }

        return steps;
    }
}
