namespace NeuroDb.Query;

/// <summary>One column that a plan node or a statement gives.</summary>
/// <param name="Id">The column identifier in the logical plan.</param>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="IsNullable">Whether NULL may come.</param>
/// <param name="Table">The table it comes from unchanged, or null.</param>
internal sealed record OutputColumn(
    int Id, string Name, DataType Type, bool IsNullable = true, string? Table = null);
