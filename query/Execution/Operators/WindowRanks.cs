namespace NeuroDb.Query;

/// <summary>The functions that number rows: row_number, rank and the others.</summary>
internal static class WindowRanks
{
    /// <summary>One result for each row.</summary>
    public static ColumnBuffer Compute(
        WindowRows rows, WindowCall call, ExecutionContext context) => call.Kind switch
        {
            WindowKind.RowNumber => Whole(rows, row => row - rows.PartitionStart[row] + 1),
            WindowKind.Rank => Whole(
                rows, row => rows.PeerStart[row] - rows.PartitionStart[row] + 1),
            WindowKind.DenseRank => DenseRank(rows),
            WindowKind.PercentRank => Share(rows, PercentRank),
            WindowKind.CumulativeDistribution => Share(
                rows,
                static (window, row) =>
                    (double)(window.PeerEnd[row] - window.PartitionStart[row])
                    / (window.PartitionEnd[row] - window.PartitionStart[row])),
            _ => Tile(rows, call.Arguments[0].Evaluate(rows.Batch, context)),
        };

    private static ColumnBuffer<long> Whole(WindowRows rows, Func<int, long> valueOf)
    {
        var values = new long[rows.Count];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = valueOf(row);
        }

        return new ColumnBuffer<long>(DataType.BigInt, values);
    }

    private static ColumnBuffer<long> DenseRank(WindowRows rows)
    {
        long rank = 0;
        return Whole(rows, row =>
        {
            rank = rows.PartitionStart[row] == row ? 1
                : rows.PeerStart[row] == row ? rank + 1
                : rank;
            return rank;
        });
    }

    private static double PercentRank(WindowRows rows, int row)
    {
        int others = rows.PartitionEnd[row] - rows.PartitionStart[row] - 1;
        return others == 0
            ? 0
            : (double)(rows.PeerStart[row] - rows.PartitionStart[row]) / others;
    }

    private static ColumnBuffer<double> Share(
        WindowRows rows, Func<WindowRows, int, double> valueOf)
    {
        var values = new double[rows.Count];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = valueOf(rows, row);
        }

        return new ColumnBuffer<double>(DataType.Double, values);
    }

    /// <summary>
    /// Parts as equal as can be, the larger ones first; the number of parts is that of the
    /// partition's first row, and NULL gives NULL.
    /// </summary>
    private static ColumnBuffer Tile(WindowRows rows, ColumnBuffer counts)
    {
        var values = new ColumnBuilder<long>(DataType.BigInt, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            int start = rows.PartitionStart[row];
            if (counts.IsNull(start))
            {
                values.AppendNull();
                continue;
            }

            values.AppendElement(TileOf(
                row - start,
                rows.PartitionEnd[row] - start,
                ((ColumnBuffer<long>)counts).Values[start]));
        }

        return values.Build();
    }

    /// <summary>
    /// The part, from 1 on, of the row at a place of a partition of some size.
    /// </summary>
    public static long TileOf(long place, long size, long tiles)
    {
        if (tiles <= 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "ntile takes a number of parts above 0.");
        }

        long larger = size % tiles;
        long each = size / tiles;
        long inLarger = larger * (each + 1);
        return place < inLarger
            ? (place / (each + 1)) + 1
            : larger + ((place - inLarger) / Math.Max(each, 1)) + 1;
    }
}
