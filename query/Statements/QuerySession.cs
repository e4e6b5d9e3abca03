using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Runs statements one after the other, each in the open transaction or in one of its own. A
/// statement that fails leaves no trace; an open transaction goes on after it. Used by one thread
/// at a time.
/// </summary>
internal sealed partial class QuerySession : IDisposable
{
    private readonly QueryEngine _engine;
    private readonly AlertNotices _alerts;
    private readonly ChangeCounters _changes = new();
    private readonly SessionContexts _contexts;
    private NoticeList _notices = new();
    private SessionTransaction? _transaction;

    /// <summary>Starts a session with the settings of the engine.</summary>
    public QuerySession(QueryEngine engine)
    {
        _engine = engine;
        _alerts = new AlertNotices(engine.Storage.Alerts);
        Settings = SessionSettings.Of(engine);
        _contexts = new SessionContexts(engine, Settings, _changes);
    }

    /// <summary>The settings of the session.</summary>
    public SessionSettings Settings { get; }

    /// <summary>Who is told how far a COPY is; null if nobody asked.</summary>
    public IProgress<CopyProgress>? CopyProgress
    {
        get => _contexts.CopyProgress;
        set => _contexts.CopyProgress = value;
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => _transaction is not null;

    /// <summary>The notices of the last statement.</summary>
    public IReadOnlyList<string> LastNotices
    {
        get => _alerts.With(_notices.Texts);
        private set => _notices = new NoticeList(value);
    }

    /// <summary>The statements of a text, through the statement cache.</summary>
    public IReadOnlyList<PreparedStatement> Prepare(string sql) =>
        _engine.Statements.GetOrParse(sql);

    /// <summary>Runs a statement; durable on return as the session's durability says.</summary>
    public StatementResult Execute(
        PreparedStatement statement, Value[] parameters, CancellationToken cancellation = default)
        => Execute(statement, parameters, null, cancellation);

    /// <summary>Runs a statement; durable on return as the session's durability says.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">The values of its parameters.</param>
    /// <param name="finished">
    /// A result of the same statement that is disposed and that nobody reads any more: it is given
    /// again if it can serve.
    /// </param>
    /// <param name="cancellation">Stops it; nothing of it is stored then.</param>
    public StatementResult Execute(
        PreparedStatement statement,
        Value[] parameters,
        StatementResult? finished,
        CancellationToken cancellation)
    {
        StatementResult result = Start(
            statement, parameters, finished, cancellation, out var commit);
        if (commit is not null)
        {
            CommitOrDiscard(commit, result);
        }

        return result;
    }

    /// <summary>Runs a statement without holding a thread while the log is written.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">The values of its parameters.</param>
    /// <param name="cancellation">Stops it; nothing of it is stored then.</param>
    /// <param name="durable">
    /// Completes when it is as durable as the session asks for; to be awaited once.
    /// </param>
    public StatementResult Execute(
        PreparedStatement statement,
        Value[] parameters,
        CancellationToken cancellation,
        out ValueTask durable)
    {
        durable = ValueTask.CompletedTask;
        StatementResult result = Start(
            statement, parameters, null, cancellation, out var commit);
        if (commit is not null)
        {
            using (commit)
            {
                durable = LeaveAfter(
                    commit.CommitAsync(Settings.Durability, CancellationToken.None));
            }

            Forget(commit);
        }

        return result;
    }

    /// <summary>Begins a transaction.</summary>
    /// <param name="isolation">The level, or null for that of the session.</param>
    public void Begin(TransactionIsolation? isolation = null) =>
        Begin(withSavepoint: false, default, isolation);

    /// <summary>Sets a savepoint; without a transaction it begins one.</summary>
    public void Savepoint(string name)
    {
        if (_transaction is null)
        {
            Begin(withSavepoint: true, default);
        }

        _transaction!.Savepoint(name);
    }

    /// <summary>Takes back everything since a savepoint.</summary>
    public void RollbackTo(string name) => RollbackTo(name, default);

    /// <summary>Forgets a savepoint.</summary>
    public void Release(string name) => Release(name, default);

    /// <summary>Starts a bulk insert into a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns that are given; null for all.</param>
    public BulkInsert BeginBulk(string table, IReadOnlyList<string>? columns)
    {
        _engine.Storage.CheckWritable();
        _engine.Storage.WaitForMemory(CancellationToken.None);
        AnswerTicket? ticket = _transaction is null
            ? _engine.Answers.Gate.Enter(isTransaction: false, isLoad: true)
            : null;
        StorageTransaction transaction = _transaction?.Storage ?? BeginStorage(null);
        try
        {
            return new BulkInsert(
                _contexts.Create(transaction, [], [], default),
                table,
                columns,
                _transaction is null ? Settings.Durability : null,
                () => Leave(ticket));
        }
        catch when (_transaction is null)
        {
            transaction.Dispose();
            Leave(ticket);
            throw;
        }
    }

    /// <summary>Ends the session; an open transaction is rolled back.</summary>
    public void Dispose()
    {
        _transaction?.Storage.Dispose();
        Leave(_transaction?.Ticket);
        _transaction = null;
        _contexts.Dispose();
    }

    private StatementResult Start(
        PreparedStatement statement,
        Value[] parameters,
        StatementResult? finished,
        CancellationToken cancellation,
        out StorageTransaction? commit)
    {
        statement.Prefetch(parameters);
        StatementActivity activity = _engine.Answers.Activity;
        bool isCounted = activity.Enter();
        try
        {
            return StartAny(statement, parameters, finished, cancellation, out commit);
        }
        finally
        {
            if (isCounted)
            {
                activity.Leave();
            }
        }
    }

    private StatementResult StartAny(
        PreparedStatement statement,
        Value[] parameters,
        StatementResult? finished,
        CancellationToken cancellation,
        out StorageTransaction? commit)
    {
        commit = null;
        _alerts.Begin();
        switch (statement.Kind)
        {
            case StatementKind.Transaction:
                LastNotices = [];
                return RunTransactionCommand(statement.Syntax);
            case StatementKind.Maintenance:
                LastNotices = [];
                return RunMaintenance((MaintenanceStatementSyntax)statement.Syntax, cancellation);
            case StatementKind.Prepared:
                LastNotices = [];
                return RunPrepared(statement, parameters, cancellation, out commit);
            case StatementKind.Setting:
            case StatementKind.Query when SettingStatements.IsOne(statement.Syntax):
                LastNotices =
                    ForeignPragmas.NoticeOf(statement.Syntax) is { } notice ? [notice] : [];
                return SettingStatements.Run(
                    statement.Syntax, Settings, _engine.Storage, cancellation);
            default:
                PrepareModels(statement.Syntax);
                return StartBound(statement, parameters, finished, cancellation, out commit);
        }
    }

    private StatementResult RunMaintenance(
        MaintenanceStatementSyntax statement, CancellationToken cancellation)
    {
        if (_transaction is not null && statement.IsVacuum)
        {
            throw new NeuroStoreException(
                ErrorCode.TransactionActive,
                "VACUUM cannot give back what the open transaction still sees. Commit or roll "
                + "back first.",
                statement.Position);
        }

        string? target = statement.Target is { } path ? _contexts.Files.Resolve(path) : null;
        _engine.Storage.Maintain(target, statement.IsVacuum, cancellation);
        return new StatementResult([], 0);
    }

    private StatementResult StartBound(
        PreparedStatement statement,
        Value[] parameters,
        StatementResult? finished,
        CancellationToken cancellation,
        out StorageTransaction? commit)
    {
        commit = null;
        bool isOwn = _transaction is null;
        Enter(statement, cancellation);
        StorageTransaction transaction = _transaction?.Storage ?? BeginStorage(null);
        bool isKept = false;
        int savepoint = -1;
        try
        {
            parameters = transaction.ReadInputs(parameters, cancellation);
            BoundVariant bound = Bind(
                statement, parameters, transaction, ref savepoint, cancellation);
            if (bound.Statement.ChangesData)
            {
                _engine.Storage.CheckWritable();
                _transaction?.CheckWritable(statement.Syntax.Position);
            }

            _contexts.LastNotices = _notices.Texts;
            ExecutionContext? context = _contexts.TryRestart(
                finished, bound, transaction, parameters, cancellation);
            StatementResult? result = context is null ? null : finished!;
            bool isChange = statement.Kind == StatementKind.Change;
            context ??= isChange
                ? _contexts.Rent(transaction, parameters, bound.Notices, cancellation)
                : _contexts.Create(transaction, parameters, bound.Notices, cancellation);
            _notices = context.Notices;
            result ??= bound.Statement.ChangesData
                ? RunChange(bound.Statement, context, isOwn)
                : bound.Statement.Run(context);
            if (isOwn && bound.Statement.ChangesData)
            {
                CheckDeferred(transaction);
            }

            isKept = true;
            if (bound.Statement.ChangesData)
            {
                if (isChange)
                {
                    EndChange(result, context);
                }

                commit = isOwn ? transaction : null;
            }
            else if (isOwn)
            {
                result.DisposeAfter(transaction);
            }

            return result;
        }
        finally
        {
            UndoOpenTypes(transaction, isOwn || isKept ? -1 : savepoint);
            Release(isOwn && !isKept ? transaction : null, commit);
        }
    }

    private void EndChange(StatementResult result, ExecutionContext context)
    {
        _changes.Count(result.RowsAffected);
        if (result.IsEmpty)
        {
            _contexts.Return(context);
            _isHeldByNobody = true;
        }
    }

    private static StatementResult RunChange(
        BoundStatement statement, ExecutionContext context, bool isOwn)
    {
        using OwnedResources owned = context.Owned;
        if (isOwn)
        {
            return statement.Run(context);
        }

        int savepoint = context.Transaction.Savepoint();
        bool isDone = false;
        try
        {
            StatementResult result = statement.Run(context);
            isDone = true;
            return result;
        }
        finally
        {
            if (!isDone)
            {
                context.Transaction.RollbackTo(savepoint);
            }
        }
    }
}
