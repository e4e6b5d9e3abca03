namespace NeuroDb.Query;

/// <summary>MERGE INTO.</summary>
/// <param name="Table">The table that is changed.</param>
/// <param name="Alias">The alias of the table.</param>
/// <param name="Source">The rows that are merged into it.</param>
/// <param name="On">
/// Which rows of the source match which rows of the table; null with USING (columns).
/// </param>
/// <param name="Clauses">What is done with rows; the first that fits counts.</param>
/// <param name="Returning">The items of RETURNING; empty without it.</param>
internal sealed record MergeStatementSyntax(
    NameSyntax Table,
    IdentifierSyntax? Alias,
    TableReferenceSyntax Source,
    ExpressionSyntax? On,
    IReadOnlyList<MergeClauseSyntax> Clauses,
    IReadOnlyList<SelectItemSyntax> Returning) : StatementSyntax
{
    /// <summary>The columns that both have and that match; empty with ON.</summary>
    public IReadOnlyList<IdentifierSyntax> Using { get; init; } = [];

    /// <summary>The items of WITH before the statement.</summary>
    public IReadOnlyList<CommonTableSyntax> With { get; init; } = [];
}
