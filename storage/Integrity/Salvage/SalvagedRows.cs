namespace NeuroDb.Storage;

/// <summary>Rows that a commit of the log appended.</summary>
/// <param name="FirstRowId">The number of the first one; the others follow without gaps.</param>
/// <param name="Columns">The columns, by ordinal.</param>
/// <param name="Count">How many rows.</param>
internal sealed record SalvagedRows(long FirstRowId, ColumnStore[] Columns, int Count);
