namespace NeuroDb.Query;

/// <summary>An argument of a table function that has a name and a value if none is given.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Default">The value without an argument; NULL for none.</param>
internal sealed record FunctionOption(string Name, DataType Type, Value Default);
