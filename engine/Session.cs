using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>
/// One conversation with a database: its statements run one after the other, inside a transaction
/// if one is open. Sessions are cheap; use one for each thread at a time.
/// </summary>
public sealed partial class Session : IDisposable, IAsyncDisposable
{
    private readonly SharedEngine _shared;
    private readonly QuerySession _query;
    private bool _isDisposed;

    internal Session(SharedEngine shared)
    {
        _shared = shared;
        _query = shared.OpenSession();
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => !_isDisposed && _query.IsInTransaction;

    /// <summary>
    /// What the engine decided in the last statement without being told: defaults, fallbacks.
    /// </summary>
    public IReadOnlyList<string> Notices => Inner().LastNotices;

    /// <summary>The storage of the database.</summary>
    internal StorageEngine Storage => _shared.Storage;

    /// <summary>The threads of the database.</summary>
    internal IWorkers Workers => _shared.Seams.Workers;

    /// <summary>
    /// Parses a statement once, to run it many times: the fastest way to run small statements.
    /// </summary>
    /// <param name="sql">One statement.</param>
    /// <exception cref="ArgumentException">The text holds no statement, or several.</exception>
    public Statement Prepare(string sql)
    {
        IReadOnlyList<PreparedStatement> statements = PrepareScript(sql);
        return statements.Count == 1
            ? new Statement(this, statements[0])
            : throw new ArgumentException(
                $"One statement is needed, but the text holds {statements.Count}.", nameof(sql));
    }

    /// <summary>Runs a statement or a script and forgets its rows.</summary>
    /// <param name="sql">Statements separated by semicolons.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    /// <returns>The rows changed by all statements together; -1 if none changes rows.</returns>
    public long Execute(string sql, params ReadOnlySpan<object?> parameters)
    {
        using StatementResult result = RunScript(sql, parameters, out long affected, default);
        Drain(result);
        return affected;
    }

    /// <summary>Runs a query and gives its rows; of a script, those of the last one.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    public ResultReader Query(string sql, params ReadOnlySpan<object?> parameters) =>
        new(new RowCursor(RunScript(sql, parameters, out _, default)), Workers, null);

    /// <summary>
    /// Runs a query and gives the first value of its first row; the default of T if there is no
    /// row or the value is NULL.
    /// </summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    public T? QueryScalar<T>(string sql, params ReadOnlySpan<object?> parameters)
    {
        using var cursor = new RowCursor(RunScript(sql, parameters, out _, default));
        return Scalar<T>(cursor);
    }

    /// <summary>Runs a statement or a script without blocking the caller.</summary>
    /// <param name="sql">Statements separated by semicolons.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    /// <param name="cancellationToken">Stops the statement; nothing of it is stored then.</param>
    /// <returns>The rows changed by all statements together; -1 if none changes rows.</returns>
    public Task<long> ExecuteAsync(
        string sql,
        IReadOnlyList<object?>? parameters = null,
        CancellationToken cancellationToken = default) =>
        Background.Run(
            Workers,
            () =>
            {
                using StatementResult result = RunScript(
                    sql, [.. parameters ?? []], out long affected, cancellationToken);
                Drain(result);
                return affected;
            },
            cancellationToken);

    /// <summary>Runs a query without blocking the caller.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">The values of the parameters, in order.</param>
    /// <param name="cancellationToken">Stops the query, also while it is read.</param>
    public Task<ResultReader> QueryAsync(
        string sql,
        IReadOnlyList<object?>? parameters = null,
        CancellationToken cancellationToken = default) =>
        Background.Run(
            Workers,
            () => new ResultReader(
                new RowCursor(RunScript(sql, [.. parameters ?? []], out _, cancellationToken)),
                Workers,
                null),
            cancellationToken);

    /// <summary>
    /// Begins a transaction: it sees the database as it is now, and its commit fails with a
    /// <see cref="ConflictException"/> if another one changed the same rows, or, if it is
    /// serializable, anything that it has read.
    /// </summary>
    /// <param name="isolation">The level; by default that of the session.</param>
    public Transaction BeginTransaction(TransactionIsolation? isolation = null)
    {
        Guard(session => session.Begin(isolation));
        return new Transaction(this);
    }

    /// <summary>Opens the fast way to append many rows to a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns that are given; all of them if none is named.</param>
    public Appender CreateAppender(string table, params ReadOnlySpan<string> columns) =>
        new(this, table, columns, null);

    /// <summary>
    /// Loads a file into a table, all rows or none: COPY FROM with progress and cancellation.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">
    /// The options of COPY as SQL, such as <c>HEADER, DELIMITER ';', ON_ERROR quarantine</c>.
    /// </param>
    /// <param name="progress">Is told how far the load is, on the thread that loads.</param>
    /// <param name="cancellationToken">Stops the load; nothing of it is stored then.</param>
    public CopyResult CopyFrom(
        string table,
        string path,
        string options = "",
        IProgress<CopyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        string name = table.Replace("\"", "\"\"", StringComparison.Ordinal);
        string with = string.IsNullOrWhiteSpace(options) ? "" : $" WITH ({options})";
        QuerySession query = Inner();
        query.CopyProgress = progress;
        try
        {
            using var cursor = new RowCursor(RunScript(
                $"COPY \"{name}\" FROM ?{with}", [path], out _, cancellationToken));
            return CopyResultOf(cursor);
        }
        finally
        {
            query.CopyProgress = null;
        }
    }

    /// <summary>The names of the committed tables, in order.</summary>
    public IReadOnlyList<string> GetTableNames() =>
        Tables().ConvertAll(static schema => schema.Name);

    /// <summary>The CREATE TABLE statement that makes a table like the one named.</summary>
    /// <param name="table">The name, without regard to case.</param>
    /// <exception cref="NeuroStoreException">There is no such table.</exception>
    public string GetTableDefinition(string table) => CatalogReader.ToSql(FindTable(table));

    /// <summary>Ends the session; an open transaction is rolled back.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _query.Dispose();
        }
    }

    /// <summary>Ends the session; an open transaction is rolled back.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What a COPY FROM gave.</summary>
    internal static CopyResult CopyResultOf(RowCursor cursor)
    {
        Invariant.Check(cursor.Read());
        return new CopyResult(
            cursor.GetInt64(0),
            cursor.GetInt64(1),
            cursor.IsNull(2) ? null : cursor.GetString(2));
    }

    /// <summary>The committed table of a name; an error if there is none.</summary>
    internal TableSchema FindTable(string table) =>
        Tables().Find(found =>
            string.Equals(found.Name, table, StringComparison.OrdinalIgnoreCase))
        ?? throw new NeuroStoreException(
            ErrorCode.UnknownTable, $"There is no table named {table}.");

    /// <summary>The definitions of the committed tables, ordered by name.</summary>
    internal List<TableSchema> Tables()
    {
        Inner();
        return CatalogReader.Tables(_shared.Storage);
    }

    /// <summary>The session below, if this one is usable.</summary>
    internal QuerySession Inner()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _shared.IsClosed ? throw EngineErrors.Closed() : _query;
    }

    /// <summary>Parses a script through the statement cache.</summary>
    internal IReadOnlyList<PreparedStatement> PrepareScript(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        try
        {
            return Inner().Prepare(sql);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>Runs one statement without a result to use again.</summary>
    internal StatementResult Run(
        PreparedStatement statement, Value[] parameters, CancellationToken cancellationToken) =>
        Run(statement, parameters, null, cancellationToken);

    /// <summary>Runs one statement; every way to run one ends here.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">The values of its parameters.</param>
    /// <param name="finished">A disposed result of it that may be used again.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal StatementResult Run(
        PreparedStatement statement,
        Value[] parameters,
        StatementResult? finished,
        CancellationToken cancellationToken)
    {
        QuerySession query = Inner();
        try
        {
            return query.Execute(statement, parameters, finished, cancellationToken);
        }
        catch (OperationCanceledException error)
        {
            throw EngineErrors.Cancelled(error);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>
    /// Rolls an open transaction back, if the session and the database still live. No error: what
    /// they held is gone with them.
    /// </summary>
    internal void Abandon()
    {
        if (IsInTransaction)
        {
            _query.Rollback();
        }
    }

    /// <summary>Runs a call on the session below with the errors of the boundary.</summary>
    internal void Guard(Action<QuerySession> call)
    {
        QuerySession query = Inner();
        try
        {
            call(query);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    /// <summary>The first value of a result.</summary>
    internal static T? Scalar<T>(RowCursor cursor) =>
        cursor.Columns.Count > 0 && cursor.Read() && !cursor.IsNull(0)
            ? FieldReader.Get<T>(cursor, 0)
            : default;

    /// <summary>
    /// Runs all statements of a script; each takes as many of the values as it has parameters.
    /// Gives the result of the last one.
    /// </summary>
    internal StatementResult RunScript(
        string sql,
        ReadOnlySpan<object?> parameters,
        out long affected,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<PreparedStatement> statements = PrepareScript(sql);
        int expected = CountParameters(statements);
        if (expected != parameters.Length)
        {
            throw EngineErrors.ParameterCount(expected, parameters.Length);
        }

        StatementResult? result = null;
        affected = -1;
        for (int i = 0; i < statements.Count; i++)
        {
            using (result)
            {
                Drain(result);
            }

            int count = statements[i].Parameters.Count;
            result = Run(statements[i], ToValues(parameters[..count]), cancellationToken);
            parameters = parameters[count..];
            if (result.RowsAffected >= 0)
            {
                affected = Math.Max(affected, 0) + result.RowsAffected;
            }
        }

        return result
            ?? throw new ArgumentException("The text holds no statement.", nameof(sql));
    }

    /// <summary>Lets a result that nobody reads raise its errors, within the boundary.</summary>
    private static void Drain(StatementResult? result)
    {
        try
        {
            result?.Drain();
        }
        catch (OperationCanceledException error)
        {
            throw EngineErrors.Cancelled(error);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    private static Value[] ToValues(ReadOnlySpan<object?> parameters)
    {
        if (parameters.IsEmpty)
        {
            return [];
        }

        var values = new Value[parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ParameterConverter.ToValue(parameters[i]);
        }

        return values;
    }

    private static int CountParameters(IReadOnlyList<PreparedStatement> statements)
    {
        int count = 0;
        for (int i = 0; i < statements.Count; i++)
        {
            count += statements[i].Parameters.Count;
        }

        return count;
    }
}
