using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binding, before which columns without a type may take that of a value, and PIVOT its columns
/// from the rows.
/// </summary>
internal sealed partial class QuerySession
{
    /// <summary>
    /// The statement bound for a transaction, in which columns without a type may be changed
    /// first; the savepoint is then where that began.
    /// </summary>
    private BoundVariant Bind(
        PreparedStatement statement,
        Value[] parameters,
        StorageTransaction transaction,
        ref int savepoint,
        CancellationToken cancellation)
    {
        try
        {
            return statement.Bind(transaction.Catalog, parameters, Settings.NullPlacement);
        }
        catch (PivotValuesException pivot)
        {
            return PivotValuesBinder.Bind(
                statement,
                Settings.NullPlacement,
                pivot,
                _contexts.Create(transaction, parameters, [], cancellation));
        }
        catch (OpenTypeException open)
        {
            _engine.Storage.CheckWritable();
            _transaction?.CheckWritable(statement.Syntax.Position);
            savepoint = transaction.Savepoint();
            return OpenTypeBinder.Bind(
                statement,
                Settings.NullPlacement,
                open,
                _contexts.Create(transaction, parameters, [], cancellation));
        }
    }

    private static void UndoOpenTypes(StorageTransaction transaction, int savepoint)
    {
        if (savepoint >= 0)
        {
            transaction.RollbackTo(savepoint);
        }
    }
}
