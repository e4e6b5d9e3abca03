namespace NeuroDb.Query;

/// <summary>
/// Trainings end with a typed error when their caller cancels or the statement's time is over.
/// </summary>
internal static class CancellableTraining
{
    /// <summary>Runs a training with a token of both.</summary>
    public static T Run<T>(ExecutionContext context, Func<CancellationToken, T> train)
    {
        using CancellationTokenSource limit = context.TimeLimit > TimeSpan.Zero
            ? new CancellationTokenSource(context.TimeLimit, context.Clock)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token, context.Cancellation);
        try
        {
            return train(either.Token);
        }
        catch (OperationCanceledException)
        {
            context.ThrowIfCancelled();
            throw new NeuroStoreException(
                ErrorCode.Cancelled, "The training was cancelled; nothing of it was stored.");
        }
    }
}
