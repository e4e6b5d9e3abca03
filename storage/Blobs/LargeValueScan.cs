namespace NeuroDb.Storage;

/// <summary>Finds the large values to which stored rows refer.</summary>
internal static class LargeValueScan
{
    /// <summary>Adds those of rows of one column.</summary>
    /// <param name="store">The column.</param>
    /// <param name="count">How many of its rows count.</param>
    /// <param name="isLive">Which of them count; null for all.</param>
    /// <param name="found">Takes the references.</param>
    public static void Collect(
        ColumnStore store, int count, Func<int, bool>? isLive, ISet<LargeReference> found)
    {
        if (!store.HasLarge)
        {
            return;
        }

        for (int row = 0; row < count; row++)
        {
            if (!store.IsNull(row)
                && isLive?.Invoke(row) != false
                && store.TryGetLarge(row, out LargeReference reference))
            {
                found.Add(reference);
            }
        }
    }

    /// <summary>Adds those of some rows of one column.</summary>
    public static void Collect(
        ColumnStore store, ReadOnlySpan<int> rows, ISet<LargeReference> found)
    {
        if (!store.HasLarge)
        {
            return;
        }

        foreach (int row in rows)
        {
            if (!store.IsNull(row) && store.TryGetLarge(row, out LargeReference reference))
            {
                found.Add(reference);
            }
        }
    }

    /// <summary>Adds those of the rows of a segment that are not dead.</summary>
    /// <param name="rows">The segment.</param>
    /// <param name="dead">The dead rows of each chunk; null where none is.</param>
    /// <param name="found">Takes the references.</param>
    public static void Collect(
        SealedRows rows, IReadOnlyList<ulong[]?>? dead, ISet<LargeReference> found)
    {
        foreach (int column in ColumnsOf(rows.File.Schema))
        {
            for (int chunk = 0; chunk < rows.File.ChunkCount; chunk++)
            {
                ulong[]? mask = dead?[chunk];
                Collect(
                    rows.StoreOf(chunk, column),
                    rows.File.RowCountOf(chunk),
                    mask is null ? null : row => (mask[row >> 6] & (1UL << row)) == 0,
                    found);
            }
        }
    }

    /// <summary>Adds those of all row versions in memory, also of ended ones.</summary>
    public static void Collect(RowDelta delta, TableSchema schema, ISet<LargeReference> found)
    {
        foreach (int column in ColumnsOf(schema))
        {
            for (int chunk = 0; chunk < RowPart.ChunksOf(delta.RowCount); chunk++)
            {
                if (column >= delta.ColumnCountOf(chunk))
                {
                    // The column was added to the table after these rows.
                    continue;
                }

                long left = delta.RowCount - ((long)chunk * Limits.ChunkRowCount);
                Collect(
                    delta.StoreOf(chunk, column),
                    (int)Math.Min(left, Limits.ChunkRowCount),
                    null,
                    found);
            }
        }
    }

    /// <summary>Takes note of what the rows of the log refer to, after it was replayed.</summary>
    public static void Observe(EngineState state, SegmentStore store)
    {
        var found = new HashSet<LargeReference>();
        foreach (TableEntry table in state.Catalog.Tables)
        {
            foreach (RowPart part in table.Rows.Layout.Parts)
            {
                if (part is RowDelta delta)
                {
                    Collect(delta, table.Schema, found);
                }
                else if (part is SealedRows rows
                    && store.IsInLog(rows.File.Identity.SegmentId)
                    && store.HasLargeFiles)
                {
                    Collect(rows, null, found);
                }
            }
        }

        foreach (LargeReference reference in found)
        {
            store.LargeValues.ObserveInLog(reference, Math.Max(state.Timestamp, 1));
            store.Observe(reference.Number);
        }
    }

    private static IEnumerable<int> ColumnsOf(TableSchema schema)
    {
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            if (schema.Columns[i].Type.Physical is PhysicalKind.Text or PhysicalKind.Blob)
            {
                yield return i;
            }
        }
    }
}
