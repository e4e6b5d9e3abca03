namespace NeuroDb.Query;

/// <summary>
/// What a statement gives: batches of rows, or a count of changed rows. The rows of a query are
/// computed while they are read; disposing ends the query and its snapshot.
/// </summary>
internal sealed class StatementResult : IDisposable
{
    private readonly BatchCursor? _cursor;
    private IDisposable? _owned;

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

    /// <summary>The columns; empty for a statement without rows.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>The rows changed, or -1 for a query.</summary>
    public long RowsAffected { get; }

    /// <summary>The next rows, or null at the end.</summary>
    public RowBatch? Next() => _cursor?.Next();

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
        IDisposable? owned = _owned;
        _owned = null;
        try
        {
            _cursor?.Dispose();
        }
        finally
        {
            owned?.Dispose();
        }
    }
}
