namespace NeuroDb.Query;

/// <summary>DELETE FROM.</summary>
/// <param name="Table">The table.</param>
/// <param name="Alias">The alias of the table.</param>
/// <param name="Where">The condition, or null for every row.</param>
/// <param name="Returning">The items of RETURNING; empty without it.</param>
internal sealed record DeleteStatementSyntax(
    NameSyntax Table,
    IdentifierSyntax? Alias,
    ExpressionSyntax? Where,
    IReadOnlyList<SelectItemSyntax> Returning) : StatementSyntax
{
    /// <summary>The items of WITH before the statement.</summary>
    public IReadOnlyList<CommonTableSyntax> With { get; init; } = [];

    /// <summary>Further tables, joined to the changed one; empty without USING.</summary>
    public IReadOnlyList<TableReferenceSyntax> Using { get; init; } = [];

    /// <summary>
    /// The order and the limits that say which of the rows are meant; null for all of them.
    /// </summary>
    public QuerySyntax? Picked { get; init; }
}
