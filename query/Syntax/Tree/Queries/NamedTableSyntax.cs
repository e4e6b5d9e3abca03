namespace NeuroDb.Query;

/// <summary>A table, view or common table expression by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Alias">The alias, or null.</param>
/// <param name="ColumnAliases">New names of the columns; empty if none are given.</param>
internal sealed record NamedTableSyntax(
    NameSyntax Name,
    IdentifierSyntax? Alias,
    IReadOnlyList<IdentifierSyntax> ColumnAliases) : TableReferenceSyntax;
