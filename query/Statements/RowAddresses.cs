using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Turns the addresses that a plan gives into the row numbers that storage takes.
/// </summary>
internal static class RowAddresses
{
    /// <summary>The row numbers of a column of addresses.</summary>
    public static long[] ToRowIds(
        ColumnBuffer addresses, TableEntry table, StorageTransaction transaction)
    {
        TableSnapshot snapshot = transaction.Open(table);
        ReadOnlySpan<long> slots = ((ColumnBuffer<long>)addresses).Values;
        var rowIds = new long[slots.Length];
        for (int i = 0; i < rowIds.Length; i++)
        {
            rowIds[i] = snapshot.RowIdOf(new RowAddress(slots[i]));
        }

        return rowIds;
    }
}
