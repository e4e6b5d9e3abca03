namespace NeuroDb;

/// <summary>One <c>name = value</c> of the WITH list of an index.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Value">The value as text.</param>
internal readonly record struct IndexOption(string Name, string Value);
