namespace NeuroDb.Tests.Simulation;

/// <summary>A statement and what it makes of the model.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Parameters">Its values.</param>
/// <param name="After">The model after it.</param>
internal sealed record Change(string Sql, object?[] Parameters, ModelState After);
