namespace NeuroDb;

/// <summary>Runs synchronous engine calls on the workers, for the async methods.</summary>
internal static class Background
{
    /// <summary>
    /// Runs a function on a worker. If the caller's token stopped it, the task is cancelled rather
    /// than failed.
    /// </summary>
    public static Task<T> Run<T>(
        IWorkers workers, Func<T> function, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var completion = new TaskCompletionSource<T>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        workers.Run(() => Complete(completion, function, cancellationToken));
        return completion.Task;
    }

    /// <summary>
    /// Begins an asynchronous function on a worker, so that what it computes before its first wait
    /// does not hold the caller up.
    /// </summary>
    public static Task<T> RunAsync<T>(
        IWorkers workers, Func<Task<T>> function, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var completion = new TaskCompletionSource<T>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        workers.Run(() => _ = CompleteAsync(completion, function, cancellationToken));
        return completion.Task;
    }

    private static async Task CompleteAsync<T>(
        TaskCompletionSource<T> completion,
        Func<Task<T>> function,
        CancellationToken cancellationToken)
    {
        try
        {
            completion.SetResult(await function().ConfigureAwait(false));
        }
        catch (Exception error) when (IsCancellation(error, cancellationToken))
        {
            completion.SetCanceled(cancellationToken);
        }
        catch (Exception error)
        {
            completion.SetException(error);
        }
    }

    private static void Complete<T>(
        TaskCompletionSource<T> completion,
        Func<T> function,
        CancellationToken cancellationToken)
    {
        try
        {
            completion.SetResult(function());
        }
        catch (Exception error) when (IsCancellation(error, cancellationToken))
        {
            completion.SetCanceled(cancellationToken);
        }
        catch (Exception error)
        {
            completion.SetException(error);
        }
    }

    private static bool IsCancellation(Exception error, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
        && error is OperationCanceledException
            or NeuroStoreException { Code: ErrorCode.Cancelled };
}
