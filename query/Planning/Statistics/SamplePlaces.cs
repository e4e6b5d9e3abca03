using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Finds the rows of a sample in the chunks of a table, and reads them.</summary>
internal static class SamplePlaces
{
    private const int ChunkCountMax = 16;

    /// <summary>Rows of chunks that are spread evenly over a table.</summary>
    public static List<(TableSlice Slice, int[] Rows)> Spread(
        TableEntry entry, TableLayout layout, int rowCountMax)
    {
        List<TableSlice> slices = [.. SlicesOf(entry, layout, ChunkCountMax)];
        var places = new List<(TableSlice, int[])>();
        foreach (TableSlice slice in slices)
        {
            int[] rows = RowsOf(slice, rowCountMax / slices.Count);
            if (rows.Length > 0)
            {
                places.Add((slice, rows));
            }
        }

        return places;
    }

    /// <summary>Chunks that are spread evenly over a table, or all of them.</summary>
    public static IEnumerable<TableSlice> SlicesOf(
        TableEntry entry, TableLayout layout, int countMax)
    {
        long timestamp = entry.Rows.LastChange;
        var chunks = new List<(RowPart Part, int Chunk, long Begun)>();
        foreach (RowPart part in layout.Parts)
        {
            long begun = part.CountBegun(timestamp);
            for (int chunk = 0; chunk < RowPart.ChunksOf(begun); chunk++)
            {
                chunks.Add((part, chunk, begun));
            }
        }

        int count = Math.Min(chunks.Count, countMax);
        for (int i = 0; i < count; i++)
        {
            (RowPart part, int chunk, long begun) =
                chunks[(int)(((2L * i) + 1) * chunks.Count / (2L * count))];
            TableSlice slice =
                part.Slice(chunk, begun, new SnapshotView(timestamp, null, 0));
            slice.Table = entry;
            yield return slice;
        }
    }

    /// <summary>The values of a column in the rows.</summary>
    public static ColumnBuffer Read(
        TableSchema schema, List<(TableSlice Slice, int[] Rows)> places, int ordinal)
    {
        ColumnBuilder builder = ColumnBuilder.Create(
            schema.Columns[ordinal].Type, places.Sum(static place => place.Rows.Length));
        foreach ((TableSlice slice, int[] rows) in places)
        {
            builder.AppendRows(slice.Column(ordinal).Gather(rows), 0, rows.Length);
        }

        return builder.Build();
    }

    private static int[] RowsOf(TableSlice slice, int countMax)
    {
        int step = Math.Max(1, (slice.Count + countMax - 1) / countMax);
        var rows = new List<int>(countMax);
        for (int row = step / 2; row < slice.Count; row += step)
        {
            if (slice.IsVisible(row))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
