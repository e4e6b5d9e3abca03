namespace NeuroDb.Query;

/// <summary>
/// A PIVOT without IN has columns that follow from the rows. The session asks for the values and
/// binds the statement again; who has no session to do so raises it as an error.
/// </summary>
internal sealed class PivotValuesException(
    LogicalNode query, ColumnIdentifiers identifiers, SourcePosition position)
    : NeuroStoreException(
        NeuroDb.ErrorCode.NotSupported,
        "The columns of a PIVOT without IN follow from the rows, so it stands in no view, trigger "
        + "or function. Name the values: ON column IN (value, ...).",
        position)
{
    /// <summary>The query for the values, as texts in their order.</summary>
    public LogicalNode Query { get; } = query;

    /// <summary>The identifiers of the query's columns.</summary>
    public ColumnIdentifiers Identifiers { get; } = identifiers;
}
