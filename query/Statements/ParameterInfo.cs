namespace NeuroDb.Query;

/// <summary>One parameter of a statement.</summary>
/// <param name="Ordinal">Its place in the array of values, from 0.</param>
/// <param name="Name">The name without its prefix; null for ?, ?1 and $1.</param>
internal sealed record ParameterInfo(int Ordinal, string? Name);
