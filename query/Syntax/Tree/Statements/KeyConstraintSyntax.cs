namespace NeuroDb.Query;

/// <summary>PRIMARY KEY or UNIQUE, of a column or a table.</summary>
/// <param name="IsPrimary">True for PRIMARY KEY, false for UNIQUE.</param>
/// <param name="Columns">The columns; empty for a column constraint.</param>
/// <param name="IsAutoIncrement">Whether AUTOINCREMENT is written.</param>
internal sealed record KeyConstraintSyntax(
    bool IsPrimary,
    IReadOnlyList<IdentifierSyntax> Columns,
    bool IsAutoIncrement) : ConstraintSyntax;
