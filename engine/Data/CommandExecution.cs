using System.Data;
using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>
/// One run of a command or batch: carries out its statements in order as results are asked for,
/// and holds what can stop it.
/// </summary>
internal sealed class CommandExecution(
    Session session,
    IReadOnlyList<CommandStep> steps,
    CommandBehavior behavior,
    int timeoutSeconds,
    CancellationToken callerToken) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = Start(timeoutSeconds, callerToken);
    private int _next;
    private bool _hasFailed;
    private volatile bool _isCancelRequested;

    /// <summary>The rows changed so far; -1 if no statement changes rows.</summary>
    public long RecordsAffected { get; private set; } = -1;

    /// <summary>How the caller wants the results.</summary>
    public CommandBehavior Behavior => behavior;

    /// <summary>The threads of the database.</summary>
    public IWorkers Workers => session.Workers;

    /// <summary>Stops the statement that runs.</summary>
    public void Cancel()
    {
        _isCancelRequested = true;
        _cancellation.Cancel();
    }

    /// <summary>Runs on to the next statement that gives rows; null after the last one.</summary>
    public RowCursor? NextResult()
    {
        while (_next < steps.Count)
        {
            CommandStep step = steps[_next++];
            StatementResult result = Guard(() =>
                session.Run(step.Statement, step.Bind(), _cancellation.Token));
            if (Take(result) is { } cursor)
            {
                return cursor;
            }
        }

        return null;
    }

    /// <summary>As <see cref="NextResult"/>, free of a thread while the log is written.</summary>
    public async Task<RowCursor?> NextResultAsync()
    {
        while (_next < steps.Count)
        {
            CommandStep step = steps[_next++];
            StatementResult result = await RunAsync(step).ConfigureAwait(false);
            if (Take(result) is { } cursor)
            {
                return cursor;
            }
        }

        return null;
    }

    /// <summary>Runs the statements that are left and forgets their rows.</summary>
    public void Drain()
    {
        while (!_hasFailed && !_isCancelRequested && NextResult() is { } cursor)
        {
            cursor.Dispose();
        }
    }

    /// <summary>As <see cref="Drain"/>, free of a thread while the log is written.</summary>
    public async Task DrainAsync()
    {
        while (!_hasFailed && !_isCancelRequested
            && await NextResultAsync().ConfigureAwait(false) is { } cursor)
        {
            cursor.Dispose();
        }
    }

    /// <summary>Runs a piece of the work; a stop becomes the error of its cause.</summary>
    public T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NeuroStoreException error) when (
            error.Code == ErrorCode.Cancelled && !_isCancelRequested
            && !callerToken.IsCancellationRequested && _cancellation.IsCancellationRequested)
        {
            _hasFailed = true;
            throw new NeuroStoreException(
                ErrorCode.Cancelled,
                $"The statement ran longer than its limit of {timeoutSeconds} seconds and was "
                + "cancelled; nothing of it was stored. Raise CommandTimeout if it may.",
                default,
                error);
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cancellation.Dispose();

    private RowCursor? Take(StatementResult result)
    {
        if (result.Columns.Count > 0)
        {
            return new RowCursor(result);
        }

        if (result.RowsAffected >= 0)
        {
            RecordsAffected = Math.Max(RecordsAffected, 0) + result.RowsAffected;
        }

        result.Dispose();
        return null;
    }

    private async Task<StatementResult> RunAsync(CommandStep step)
    {
        try
        {
            return await session.RunAsync(
                step.Statement, step.Bind(), static result => result, _cancellation.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            return Guard<StatementResult>(() => throw EngineErrors.Cancelled(error));
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }

    private static CancellationTokenSource Start(int timeoutSeconds, CancellationToken callerToken)
    {
        CancellationTokenSource source = callerToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(callerToken)
            : new CancellationTokenSource();
        if (timeoutSeconds > 0)
        {
            source.CancelAfter(TimeSpan.FromSeconds(timeoutSeconds));
        }

        return source;
    }
}
