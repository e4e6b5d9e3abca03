using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Reads rows whose places are known.</summary>
internal static class PlacedRows
{
    /// <summary>Columns of some rows, and perhaps where the rows lie as the last one.</summary>
    public static RowBatch Fetch(
        TableSnapshot snapshot, int[] ordinals, bool withRowAddress, ReadOnlySpan<RowPlace> places)
    {
        var columns = new ColumnBuffer[ordinals.Length + (withRowAddress ? 1 : 0)];
        for (int i = 0; i < ordinals.Length; i++)
        {
            columns[i] = snapshot.Fetch(ordinals[i], places);
        }

        if (withRowAddress)
        {
            var rowIds = new long[places.Length];
            for (int i = 0; i < rowIds.Length; i++)
            {
                rowIds[i] = TableSnapshot.AddressOf(places[i]).RowId;
            }

            columns[^1] = new ColumnBuffer<long>(DataType.BigInt, rowIds);
        }

        return new RowBatch(columns, places.Length);
    }
}
