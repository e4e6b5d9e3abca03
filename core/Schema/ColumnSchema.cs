namespace NeuroDb;

/// <summary>The definition of one column.</summary>
/// <param name="Name">The name as written; names compare without regard to case.</param>
/// <param name="Type">The type.</param>
/// <param name="IsNullable">Whether NULL may be stored.</param>
/// <param name="DefaultSql">The SQL text of the default, or null for NULL.</param>
internal sealed record ColumnSchema(
    string Name, DataType Type, bool IsNullable = true, string? DefaultSql = null);
