using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The tables in which the engine keeps what belongs to it: numbers of sequences, statistics,
/// models. No statement sees them by name, and none can take their names.
/// </summary>
internal static class HiddenTables
{
    /// <summary>Whether a table is one of them.</summary>
    public static bool Contains(TableEntry table) =>
        SequenceStore.IsOwn(table)
        || ColumnStatisticsStore.IsOwn(table)
        || ModelTables.IsOwn(table);

    /// <summary>The tables that statements can see.</summary>
    public static IEnumerable<TableEntry> Without(IEnumerable<TableEntry> tables) =>
        tables.Where(static table => !Contains(table));
}
