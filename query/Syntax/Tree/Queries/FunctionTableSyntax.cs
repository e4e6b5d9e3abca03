namespace NeuroDb.Query;

/// <summary>A table function in FROM.</summary>
/// <param name="Call">The call.</param>
/// <param name="Alias">The alias, or null.</param>
/// <param name="ColumnAliases">New names of the columns; empty if none are given.</param>
internal sealed record FunctionTableSyntax(
    FunctionCallSyntax Call,
    IdentifierSyntax? Alias,
    IReadOnlyList<IdentifierSyntax> ColumnAliases) : TableReferenceSyntax
{
    /// <summary>Whether a last column numbers the rows from 1.</summary>
    public bool WithOrdinality { get; init; }
}
