namespace NeuroDb.Query;

/// <summary>
/// What a statement gives: batches of rows, or a count of changed rows. The rows of a query are
/// computed while they are read; disposing ends the query and its snapshot.
/// </summary>
internal sealed class StatementResult : IDisposable
{
    /// <summary>
    /// One row was changed, and none is given: holds nothing, so that one serves all.
    /// </summary>
    public static readonly StatementResult OneChange = new([], 1);

    private readonly BatchCursor? _cursor;
    private readonly BoundStatement? _query;
    private readonly ExecutionContext? _context;
    private IDisposable? _owned;
    private bool _isDisposed;

    /// <summary>Makes a result.</summary>
    /// <param name="columns">The columns; empty for a statement without rows.</param>
    /// <param name="rowsAffected">The rows changed, or -1 for a query.</param>
    /// <param name="cursor">The rows, or null for none.</param>
    public StatementResult(
        IReadOnlyList<OutputColumn> columns,
        long rowsAffected,
        BatchCursor? cursor = null)
    {
        Columns = columns;
        RowsAffected = rowsAffected;
        _cursor = cursor;
    }

    /// <summary>What a change of several sets of parameters gives.</summary>
    /// <param name="count">The rows changed by all.</param>
    /// <param name="last">The rows changed by the last.</param>
    public static StatementResult[] OfMany(long count, long last) =>
        [new([], count - last), new([], last)];

    /// <summary>Makes the result of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cursor">The rows.</param>
    /// <param name="context">What the cursor was opened with.</param>
    public StatementResult(BoundStatement query, BatchCursor cursor, ExecutionContext context)
        : this(query.Columns, -1, cursor)
    {
        _query = query;
        _context = context;
    }

    /// <summary>The columns; empty for a statement without rows.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>The time zone in which points in time are shown.</summary>
    public TimeZoneInfo TimeZone => _context?.TimeZone ?? TimeZoneInfo.Utc;

    /// <summary>The rows changed, or -1 for a query.</summary>
    public long RowsAffected { get; }

    /// <summary>Whether there are no rows, so that nothing of the execution is held.</summary>
    public bool IsEmpty => _cursor is null;

    /// <summary>
    /// Whether the result is disposed and may serve the next execution of its query: for queries
    /// so small that making their objects anew costs more than running them.
    /// </summary>
    public bool CanRestart => _isDisposed && _context is not null && _cursor!.CanRestart;

    /// <summary>
    /// Asks for memory that the next execution will look at; for a result that can restart.
    /// </summary>
    public void Prefetch(ReadOnlySpan<Value> parameters) => _cursor?.Prefetch(parameters);

    /// <summary>The next rows, or null at the end.</summary>
    public RowBatch? Next()
    {
        if (_context?.Activity is not { } activity || !activity.Enter())
        {
            return _cursor?.Next();
        }

        try
        {
            return _cursor?.Next();
        }
        finally
        {
            activity.Leave();
        }
    }

    /// <summary>
    /// Computes the rest of the rows and forgets them, for the errors they may raise.
    /// </summary>
    public void Drain()
    {
        while (Next() is not null)
        {
        }
    }

    /// <summary>Takes over what has to be disposed when the result is.</summary>
    public void DisposeAfter(IDisposable owned)
    {
        Invariant.Check(_owned is null);
        _owned = owned;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        IDisposable? owned = _owned;
        _owned = null;
        try
        {
            _cursor?.Dispose();
            if (_cursor is { CanRestart: true })
            {
                _context?.Release();
            }
        }
        finally
        {
            _context?.Owned.Dispose();
            owned?.Dispose();
        }
    }

    /// <summary>The context to restart for running a query again; null if it cannot be.</summary>
    public ExecutionContext? ContextFor(BoundStatement query) =>
        CanRestart && ReferenceEquals(_query, query) ? _context : null;

    /// <summary>Begins the next execution, whose context was restarted.</summary>
    public void Restart()
    {
        Invariant.Check(CanRestart && _owned is null);
        _isDisposed = false;
    }
}
