namespace NeuroDb.Storage;

/// <summary>One change of a transaction that a rollback to a savepoint takes back.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Rows">The table's pending rows, for changes of rows.</param>
/// <param name="Argument">The count before, the position or the row number.</param>
/// <param name="Catalog">The catalog before, for changes of the catalog.</param>
internal readonly record struct UndoEntry(
    UndoKind Kind, PendingRows? Rows, long Argument, CatalogView? Catalog);
