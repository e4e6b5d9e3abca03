namespace NeuroDb.Query;

/// <summary>GENERATED AS IDENTITY.</summary>
/// <param name="IsAlways">Whether statements may not give a value.</param>
/// <param name="Options">Where it begins and how it goes on; null for 1, 2, 3.</param>
internal sealed record IdentityConstraintSyntax(
    bool IsAlways, SequenceOptions? Options) : ConstraintSyntax;
