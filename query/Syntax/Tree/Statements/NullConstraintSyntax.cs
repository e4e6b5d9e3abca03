namespace NeuroDb.Query;

/// <summary>NOT NULL or NULL.</summary>
/// <param name="IsNullable">True for NULL, false for NOT NULL.</param>
internal sealed record NullConstraintSyntax(bool IsNullable) : ConstraintSyntax;
