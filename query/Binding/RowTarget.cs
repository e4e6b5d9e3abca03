using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The rows that an UPDATE or DELETE changes.</summary>
/// <param name="Table">The table.</param>
/// <param name="Scope">The names of its columns.</param>
/// <param name="Source">
/// Gives all columns of the table, in order, and last the address of each row.
/// </param>
internal sealed record RowTarget(TableEntry Table, Scope Scope, LogicalNode Source);
