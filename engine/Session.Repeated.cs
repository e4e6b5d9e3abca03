using NeuroDb.Query;

namespace NeuroDb;

/// <summary>One statement for several sets of parameters.</summary>
public sealed partial class Session
{
    /// <summary>
    /// Runs one statement for several sets of parameters together; null if that cannot be, and
    /// nothing was done.
    /// </summary>
    internal StatementResult[]? TryRunMany(
        PreparedStatement statement,
        IReadOnlyList<Value[]> sets,
        CancellationToken cancellationToken)
    {
        QuerySession query = Inner();
        try
        {
            return query.TryExecuteMany(statement, sets, cancellationToken);
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
}
