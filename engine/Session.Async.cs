using NeuroDb.Query;

namespace NeuroDb;

/// <summary>Statements that wait for the log without a thread.</summary>
public sealed partial class Session
{
    /// <summary>Runs one statement without holding a thread while the log is written.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">The values of its parameters.</param>
    /// <param name="take">Takes what it gave once it is durable.</param>
    /// <param name="cancellationToken">Stops it; nothing of it is stored then.</param>
    internal async Task<T> RunAsync<T>(
        PreparedStatement statement,
        Value[] parameters,
        Func<StatementResult, T> take,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        QuerySession query = Inner();
        try
        {
            StatementResult result = query.Execute(
                statement, parameters, cancellationToken, out ValueTask durable);
            await durable.ConfigureAwait(false);
            return take(result);
        }
        catch (NeuroStoreException error) when (
            error.Code == ErrorCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }
}
