namespace NeuroDb.Tests.Sql;

/// <summary>A column that generated expressions may use.</summary>
/// <param name="Name">The name with its table's alias.</param>
/// <param name="Type">The type.</param>
internal sealed record GeneratedColumn(string Name, GeneratedType Type);
