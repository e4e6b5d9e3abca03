namespace NeuroDb.Query;

/// <summary>
/// Estimates how many different values a table has from those of a sample: Duj1 of P. Haas and L.
/// Stokes, "Estimating the Number of Classes in a Finite Population", 1998.
/// </summary>
internal static class SampleDistinct
{
    /// <summary>
    /// The values of some columns together in a table of that many rows; vectors count as
    /// different.
    /// </summary>
    public static double Of(ColumnBuffer[] columns, long rowCount)
    {
        if (columns.Any(static column => column.Type.IsVector))
        {
            return rowCount;
        }

        int count = columns[0].Count;
        var groups = new int[count];
        var table = new GroupTable(columns.Select(static column => column.Type));
        table.FindOrAdd(columns, count, groups);
        var counts = new int[table.Count];
        foreach (int group in groups)
        {
            counts[group]++;
        }

        double once = counts.Count(static seen => seen == 1);
        double distinct =
            (double)count * table.Count / (count - once + (once * count / rowCount));
        return Math.Clamp(distinct, 1, Math.Max(1, rowCount));
    }
}
