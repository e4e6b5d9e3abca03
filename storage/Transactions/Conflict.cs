namespace NeuroDb.Storage;

/// <summary>The errors of a transaction that lost against one that committed first.</summary>
internal static class Conflict
{
    /// <summary>A row was changed by another transaction.</summary>
    public static ConflictException OnRow(TableEntry table) => new(
        ErrorCode.WriteConflict,
        $"Another transaction has changed a row of table {table.Schema.Name} first. "
        + "Nothing was stored; run the transaction again.");

    /// <summary>A table was created, dropped or changed by another transaction.</summary>
    public static ConflictException OnTable(string name, string what) => new(
        ErrorCode.WriteConflict,
        $"Another transaction has {what} table {name} first. "
        + "Nothing was stored; run the transaction again.");

    /// <summary>A view, trigger or sequence was created, dropped or changed.</summary>
    public static ConflictException OnObject(CatalogObject value) => new(
        ErrorCode.WriteConflict,
        $"Another transaction has created, changed or dropped {value.Name} first. "
        + "Nothing was stored; run the transaction again.");

    /// <summary>An index was created, dropped or changed by another transaction.</summary>
    public static ConflictException OnIndex(string name, string what) => new(
        ErrorCode.WriteConflict,
        $"Another transaction has {what} index {name} first. "
        + "Nothing was stored; run the transaction again.");
}
