using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The tables in which the engine keeps what belongs to it: numbers of sequences, statistics,
/// models. No statement sees them by name, and none can take their names.
/// </summary>
internal static class HiddenTables
{
    /// <summary>Whether a table is one of them.</summary>
    public static bool Contains(TableEntry table) => IsReserved(table.Schema.Name);

    /// <summary>Raises an error if a new table would take one of their names.</summary>
    public static void CheckName(string name, SourcePosition position)
    {
        if (IsReserved(name))
        {
            throw new NeuroStoreException(
                ErrorCode.TableExists,
                $"The name {name} is that of a table of the engine; choose another one.",
                position);
        }
    }

    private static bool IsReserved(string name) =>
        SequenceStore.IsOwn(name)
        || ColumnStatisticsStore.IsOwn(name)
        || StatisticsTable.IsOwn(name)
        || ModelTables.IsOwn(name);

    /// <summary>The tables that statements can see.</summary>
    public static IEnumerable<TableEntry> Without(IEnumerable<TableEntry> tables) =>
        tables.Where(static table => !Contains(table));
}
