namespace NeuroDb.Query;

/// <summary>DEFERRABLE behind REFERENCES of a column, which it belongs to.</summary>
/// <param name="IsDeferred">Whether INITIALLY DEFERRED is written.</param>
internal sealed record DeferrableConstraintSyntax(bool IsDeferred) : ConstraintSyntax;
