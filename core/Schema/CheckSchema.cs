namespace NeuroDb;

/// <summary>A CHECK constraint.</summary>
/// <param name="Name">The name of the constraint.</param>
/// <param name="Sql">The SQL text of the condition; a row passes unless it is false.</param>
internal sealed record CheckSchema(string Name, string Sql);
