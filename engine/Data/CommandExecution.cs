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
    // So many steps are run together at most.
    private const int TogetherCountMax = 1024;
    private readonly Queue<StatementResult> _ready = new();
    private int _next;

    // The steps before this one are run one by one.
    private int _oneByOneEnd;
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
        while (_ready.Count > 0 || _next < steps.Count)
        {
            StatementResult result = _ready.Count > 0 || TryRunTogether()
                ? _ready.Dequeue()
                : RunNext();
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
    public void Dispose()
    {
        while (_ready.TryDequeue(out StatementResult? result))
        {
            result.Dispose();
        }

        _cancellation.Dispose();
    }

    private StatementResult RunNext()
    {
        CommandStep step = steps[_next++];
        return Guard(() => session.Run(step.Statement, step.Bind(), _cancellation.Token));
    }

    // Steps of one statement that follow each other: what a batch repeats.
    private bool TryRunTogether()
    {
        int count = 1;
        while (_next >= _oneByOneEnd && count < TogetherCountMax && _next + count < steps.Count
            && ReferenceEquals(steps[_next].Statement, steps[_next + count].Statement))
        {
            count++;
        }

        if (count == 1)
        {
            return false;
        }

        StatementResult[]? results = TryBind(count) is { } sets
            ? Guard(() => session.TryRunMany(
                steps[_next].Statement, sets, _cancellation.Token))
            : null;
        if (results is null)
        {
            _oneByOneEnd = _next + count;
            return false;
        }

        _next += count;
        Array.ForEach(results, _ready.Enqueue);
        return true;
    }

    // The values of the steps; null if one of them cannot be: who runs it says so.
    private Value[][]? TryBind(int count)
    {
        try
        {
            return [.. Enumerable.Range(_next, count).Select(i => steps[i].Bind())];
        }
        catch (Exception error) when (error is NeuroStoreException or ArgumentException
            or InvalidCastException or NotSupportedException or OverflowException
            or FormatException)
        {
            return null;
        }
    }

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
