using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>
/// A statement or script for a connection. Parameters are written @name, :name, $name, $1 or ?.
/// </summary>
public sealed class NeuroCommand : DbCommand
{
    private NeuroConnection? _connection;
    private NeuroTransaction? _transaction;
    private string _commandText = string.Empty;
    private IReadOnlyList<PreparedStatement>? _prepared;
    private Session? _preparedFor;
    private CommandExecution? _execution;
    private int? _commandTimeout;

    /// <summary>Makes a command without connection and text.</summary>
    public NeuroCommand()
    {
    }

    /// <summary>Makes a command.</summary>
    public NeuroCommand(string commandText, NeuroConnection? connection = null)
    {
        CommandText = commandText;
        Connection = connection;
    }

    /// <inheritdoc/>
    [AllowNull]
    public override string CommandText
    {
        get => _commandText;
        set
        {
            CheckNoReader();
            _commandText = value ?? string.Empty;
            _prepared = null;
        }
    }

    /// <summary>
    /// The seconds that it may take; 0 is without limit. The connection string gives the default.
    /// </summary>
    public override int CommandTimeout
    {
        get => _commandTimeout ?? _connection?.DefaultTimeout ?? 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _commandTimeout = value;
        }
    }

    /// <summary>Text; there are no stored procedures.</summary>
    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
            {
                throw new ArgumentException(
                    $"Only CommandType.Text is carried out, not {value}.", nameof(value));
            }
        }
    }

    /// <inheritdoc/>
    public override bool DesignTimeVisible { get; set; }

    /// <inheritdoc/>
    public override UpdateRowSource UpdatedRowSource { get; set; } = UpdateRowSource.None;

    /// <summary>The connection that it runs on.</summary>
    public new NeuroConnection? Connection
    {
        get => _connection;
        set
        {
            CheckNoReader();
            _connection = value;
            _prepared = null;
        }
    }

    /// <summary>The transaction that it belongs to; needed while one is open.</summary>
    public new NeuroTransaction? Transaction
    {
        get => _transaction;
        set => _transaction = value;
    }

    /// <summary>The parameters.</summary>
    public new NeuroParameterCollection Parameters { get; } = [];

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => Connection = (NeuroConnection?)value;
    }

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => Parameters;

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => _transaction = (NeuroTransaction?)value;
    }

    /// <summary>Stops the execution that runs, if one does.</summary>
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
    public override void Prepare() => PrepareStatements(Check());

    /// <summary>Makes a parameter that is not yet in the collection.</summary>
    public new NeuroParameter CreateParameter() => new();

    /// <inheritdoc/>
    public override int ExecuteNonQuery() => ExecuteNonQuery(default);

    /// <inheritdoc/>
    public override object? ExecuteScalar() => ExecuteScalar(default);

    /// <summary>Runs the statements and gives their rows.</summary>
    public new NeuroDataReader ExecuteReader() => ExecuteReader(CommandBehavior.Default);

    /// <summary>Runs the statements and gives their rows.</summary>
    public new NeuroDataReader ExecuteReader(CommandBehavior behavior) =>
        ExecuteReader(behavior, default);

    /// <inheritdoc/>
    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Background.RunAsync(
            Check().Workers, () => RunNonQueryAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Background.RunAsync(
            Check().Workers, () => RunScalarAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override DbParameter CreateDbParameter() => new NeuroParameter();

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        ExecuteReader(behavior, default);

    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Background.RunAsync(
            Check().Workers, () => OpenReaderAsync(behavior, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The rows that a result counts, as the 32 bits of ADO.NET hold them.</summary>
    internal static int ToCount(long rows) => (int)Math.Min(rows, int.MaxValue);

    private int ExecuteNonQuery(CancellationToken cancellationToken)
    {
        using NeuroDataReader reader = ExecuteReader(CommandBehavior.Default, cancellationToken);
        reader.Close();
        return reader.RecordsAffected;
    }

    private object? ExecuteScalar(CancellationToken cancellationToken)
    {
        using NeuroDataReader reader = ExecuteReader(CommandBehavior.Default, cancellationToken);
        return reader.Read() ? reader.GetValue(0) : null;
    }

    private async Task<int> RunNonQueryAsync(CancellationToken cancellationToken)
    {
        NeuroDataReader reader = await OpenReaderAsync(
            CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await reader.CloseAsync().ConfigureAwait(false);
        return reader.RecordsAffected;
    }

    private async Task<object?> RunScalarAsync(CancellationToken cancellationToken)
    {
        NeuroDataReader reader = await OpenReaderAsync(
            CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return reader.Read() ? reader.GetValue(0) : null;
        }
    }

    private NeuroDataReader ExecuteReader(
        CommandBehavior behavior, CancellationToken cancellationToken) =>
        NeuroDataReader.Open(_connection!, Start(behavior, cancellationToken));

    private Task<NeuroDataReader> OpenReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken) =>
        NeuroDataReader.OpenAsync(_connection!, Start(behavior, cancellationToken));

    private CommandExecution Start(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        Session session = Check();
        IReadOnlyList<PreparedStatement> statements = PrepareStatements(session);
        CheckTransaction(_connection!, _transaction);
        if (_connection!.CurrentReader is not null)
        {
            throw new InvalidOperationException(
                "A reader of the connection is open; close it before the next command.");
        }

        var steps = new List<CommandStep>(statements.Count);
        CommandStep.AddAll(steps, statements, Parameters);
        var execution = new CommandExecution(
            session, steps, behavior, CommandTimeout, cancellationToken);
        Volatile.Write(ref _execution, execution);
        return execution;
    }

    /// <summary>Refuses a command whose transaction is not the connection's.</summary>
    internal static void CheckTransaction(
        NeuroConnection connection, NeuroTransaction? transaction)
    {
        NeuroTransaction? current = connection.CurrentTransaction;
        NeuroTransaction? given = transaction?.Connection is null ? null : transaction;
        if (!ReferenceEquals(current, given))
        {
            throw new InvalidOperationException(given is null
                ? "The connection has an open transaction; set the Transaction of the command."
                : "The Transaction of the command belongs to another connection.");
        }
    }

    private Session Check()
    {
        if (_connection is null)
        {
            throw new InvalidOperationException("The command has no Connection.");
        }

        Session session = _connection.OpenSession();
        return _commandText.Length > 0 ? session : throw new InvalidOperationException(
            "The command has no CommandText.");
    }

    private IReadOnlyList<PreparedStatement> PrepareStatements(Session session)
    {
        if (_prepared is null || !ReferenceEquals(_preparedFor, session))
        {
            _prepared = session.PrepareScript(_commandText);
            _preparedFor = session;
        }

        return _prepared;
    }

    private void CheckNoReader()
    {
        if (_execution is not null && _connection?.CurrentReader is { } reader
            && reader.IsOf(_execution))
        {
            throw new InvalidOperationException(
                "The command has an open reader; close it before changing the command.");
        }
    }
}
