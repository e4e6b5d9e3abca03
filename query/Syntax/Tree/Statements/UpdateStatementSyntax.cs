namespace NeuroDb.Query;

/// <summary>UPDATE.</summary>
/// <param name="Table">The table.</param>
/// <param name="Alias">The alias of the table.</param>
/// <param name="Assignments">The SET items.</param>
/// <param name="Where">The condition, or null for every row.</param>
/// <param name="Returning">The items of RETURNING; empty without it.</param>
internal sealed record UpdateStatementSyntax(
    NameSyntax Table,
    IdentifierSyntax? Alias,
    IReadOnlyList<AssignmentSyntax> Assignments,
    ExpressionSyntax? Where,
    IReadOnlyList<SelectItemSyntax> Returning) : StatementSyntax
{
    /// <summary>The items of WITH before the statement.</summary>
    public IReadOnlyList<CommonTableSyntax> With { get; init; } = [];

    /// <summary>What is done with a row that may not be stored.</summary>
    public ConflictResolution Resolution { get; init; }

    /// <summary>Further tables, joined to the changed one; empty without FROM.</summary>
    public IReadOnlyList<TableReferenceSyntax> From { get; init; } = [];

    /// <summary>
    /// The order and the limits that say which of the rows are meant; null for all of them.
    /// </summary>
    public QuerySyntax? Picked { get; init; }
}
