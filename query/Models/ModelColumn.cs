namespace NeuroDb.Query;

/// <summary>A column that a model reads.</summary>
/// <param name="Name">The name, as in the query that it was trained on.</param>
/// <param name="Type">The type there.</param>
internal sealed record ModelColumn(string Name, DataType Type);
