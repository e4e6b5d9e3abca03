namespace NeuroDb.Query;

/// <summary>COLLATE of a column.</summary>
/// <param name="Collation">The collation.</param>
internal sealed record CollateConstraintSyntax(IdentifierSyntax Collation) : ConstraintSyntax;
