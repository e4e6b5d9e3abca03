namespace NeuroDb.Query;

/// <summary>INSERT INTO.</summary>
/// <param name="Table">The table.</param>
/// <param name="Alias">The alias of the table.</param>
/// <param name="Columns">The named columns; empty if none are named.</param>
/// <param name="Source">
/// The rows: VALUES or a query (VALUES may hold DefaultExpressionSyntax); null for DEFAULT
/// VALUES.
/// </param>
/// <param name="Returning">The items of RETURNING; empty without it.</param>
internal sealed record InsertStatementSyntax(
    NameSyntax Table,
    IdentifierSyntax? Alias,
    IReadOnlyList<IdentifierSyntax> Columns,
    QuerySyntax? Source,
    IReadOnlyList<SelectItemSyntax> Returning) : StatementSyntax
{
    /// <summary>The items of WITH before the statement.</summary>
    public IReadOnlyList<CommonTableSyntax> With { get; init; } = [];

    /// <summary>What is done with a row that may not be stored.</summary>
    public ConflictResolution Resolution { get; init; }

    /// <summary>Whether OVERRIDING SYSTEM VALUE is written.</summary>
    public bool IsOverriding { get; init; }

    /// <summary>Whether the columns of the query go into those of their names.</summary>
    public bool IsByName { get; init; }

    /// <summary>The ON CONFLICT clauses, in order.</summary>
    public IReadOnlyList<ConflictSyntax> Conflicts { get; init; } = [];
}
