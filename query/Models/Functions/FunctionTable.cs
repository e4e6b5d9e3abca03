using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>A table or view that a table function reads.</summary>
/// <param name="Name">The name as it was written.</param>
/// <param name="Table">The table, or null for a view.</param>
/// <param name="Plan">All its rows.</param>
internal sealed record FunctionTable(string Name, TableEntry? Table, PlanNode Plan);
