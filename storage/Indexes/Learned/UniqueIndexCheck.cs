using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Uniqueness of indexes, as <see cref="KeyCheck"/> has it of keys: at once when rows are written,
/// again at commit, and of all rows when an index is made. A row with a NULL equals no other one.
/// </summary>
internal static class UniqueIndexCheck
{
    private const int BatchCount = 1024;
    private const int SingleColumnCountMax = 16;

    /// <summary>Checks the pending rows from a position on, as the transaction sees them.</summary>
    public static void CheckWritten(
        PendingRows pending, long first, TableLayout layout, long timestamp,
        IReadOnlyList<IndexEntry> indexes, IndexBuildHost merging, UniqueLookups? lookups,
        IReadOnlySet<int>? changed)
    {
        for (int i = 0; i < indexes.Count; i++)
        {
            IndexEntry entry = indexes[i];
            if (!entry.Schema.IsUnique || !KeyCheck.IsIn(changed, entry.Schema.Ordinals))
            {
                continue;
            }

            var index = LearnedIndex.Of(entry, pending.Table);
            if (index.Merging is null)
            {
                index.MergeBy(merging);
            }

            // The very first row has no other beside it.
            bool isOnly = pending.Count == 1 && first == 0;
            lookups?.Add(
                pending.Table.Schema, entry.Schema.Name, (int)(pending.Count - first));
            if (!isOnly || !IsSurelyNew(pending, layout, timestamp, index))
            {
                CheckTogether(
                    pending, first, isOnly ? 0 : pending.Count, layout, timestamp, entry, index);
            }
        }
    }

    /// <summary>Checks all pending rows against the newest state of the table.</summary>
    public static void CheckCommit(PendingRows pending, IReadOnlyList<IndexEntry> indexes)
    {
        for (int i = 0; i < indexes.Count; i++)
        {
            IndexEntry entry = indexes[i];
            if (!entry.Schema.IsUnique)
            {
                continue;
            }

            const long Newest = long.MaxValue - 1;
            TableLayout layout = pending.Table.Rows.Layout;
            var index = LearnedIndex.Of(entry, pending.Table);
            if (pending.Count != 1 || !IsSurelyNew(pending, layout, Newest, index))
            {
                CheckTogether(pending, 0, 0, layout, Newest, entry, index);
            }
        }
    }

    /// <summary>Checks all rows of a snapshot, when an index is made.</summary>
    public static void CheckAll(TableSnapshot snapshot, IndexEntry entry)
    {
        int[] ordinals = entry.Schema.Ordinals;
        IndexReader reader = snapshot.Range(
            entry, IndexBounds.All, isOrdered: true, isDescending: false);
        var places = new RowPlace[BatchCount];
        var last = new ColumnStore[snapshot.Table.Schema.Columns.Count];
        var columns = new ColumnStore[last.Length];
        int lastRow = -1;
        int count;
        while ((count = reader.Read(places)) > 0)
        {
            foreach (RowPlace place in places.AsSpan(0, count))
            {
                foreach (int ordinal in ordinals)
                {
                    columns[ordinal] = snapshot.StoreOf(place, ordinal);
                }

                if (lastRow >= 0 && KeyColumns.Same(ordinals, columns, place.Row, last, lastRow))
                {
                    throw Violation(entry, snapshot.Table.Schema, columns, place.Row);
                }

                (columns, last) = (last, columns);
                lastRow = place.Row;
            }
        }
    }

    // Rows from a position on against the table, and against some of the pending rows.
    private static void CheckTogether(
        PendingRows pending, long first, long pendingCount, TableLayout layout, long timestamp,
        IndexEntry entry, LearnedIndex index)
    {
        // What the transaction ended counts as ended, also by its last operation.
        var view = new SnapshotView(timestamp, pending, int.MaxValue - 1);
        int roomMax = (int)Math.Min(BatchCount, pending.Count - first);
        UniqueKeys keys = UniqueKeys.Take(pending, index.Keys.Ordinals, roomMax);
        for (long start = first; start < pending.Count; start += BatchCount)
        {
            keys.Clear();
            for (long i = start; i < Math.Min(start + BatchCount, pending.Count); i++)
            {
                if (pending.IsAlive(i, int.MaxValue - 1) && index.Keys.TryEncode(
                    pending.ChunkOf(i).ColumnsOf(index.Keys.Ordinals),
                    PendingRows.RowOf(i),
                    keys.Row))
                {
                    keys.Add(i);
                }
            }

            if (keys.Count == 0)
            {
                continue;
            }

            // Mostly all that is pending is among these keys.
            bool areAll = first == 0 && pending.Count <= BatchCount;
            long others = pendingCount > 0 && areAll && keys.AreDistinct() ? 0 : pendingCount;
            IndexLookups.Find(
                layout, view, others, index, keys.Codes, keys.Count, keys.Hits,
                values: keys.Values);

            // In the order of the rows, so that the first of them is the one that is told.
            Span<IndexHit> hits = CollectionsMarshal.AsSpan(keys.Hits);
            hits.Sort(static (left, right) => left.Key.CompareTo(right.Key));
            foreach (IndexHit hit in hits)
            {
                CheckHit(pending, keys.Positions[hit.Key], hit.Place, entry, index);
            }
        }

        keys.Return();
    }

    // Nearly all rows that come alone are new, and then nothing has to be noted of them.
    private static bool IsSurelyNew(
        PendingRows pending, TableLayout layout, long timestamp, LearnedIndex index)
    {
        if (index.Keys.Count > SingleColumnCountMax)
        {
            return false;
        }

        Span<ulong> codes = stackalloc ulong[index.Keys.Count];
        return !pending.IsAlive(0, int.MaxValue - 1)
            || !index.Keys.TryEncode(
                pending.ChunkOf(0).ColumnsOf(index.Keys.Ordinals), 0, codes)
            || !IndexLookups.MayBeThere(layout, timestamp, index, codes);
    }

    private static void CheckHit(
        PendingRows pending, long position, in RowPlace place, IndexEntry entry,
        LearnedIndex index)
    {
        long other = ((long)place.Chunk * Limits.ChunkRowCount) + place.Row;
        if (place.Part is null && other == position)
        {
            return;
        }

        ColumnStore[] columns = place.Part is null
            ? pending.ChunkOf(other).ColumnsOf(index.Keys.Ordinals)
            : ColumnsOf(place, index);
        if (IsSame(index, pending, position, columns, place.Row))
        {
            throw Violation(
                entry,
                pending.Table.Schema,
                pending.ChunkOf(position).ColumnsOf(index.Keys.Ordinals),
                PendingRows.RowOf(position));
        }
    }

    private static ColumnStore[] ColumnsOf(in RowPlace place, LearnedIndex index)
    {
        var columns = new ColumnStore[index.Keys.Ordinals.Max() + 1];
        foreach (int ordinal in index.Keys.Ordinals)
        {
            columns[ordinal] = index.Keys.StoreOf(place.Part!, place.Chunk, ordinal);
        }

        return columns;
    }

    private static bool IsSame(
        LearnedIndex index, PendingRows pending, long position, ColumnStore[] columns, int row) =>
        KeyColumns.Same(
            index.Keys.Ordinals,
            pending.ChunkOf(position).ColumnsOf(index.Keys.Ordinals),
            PendingRows.RowOf(position),
            columns,
            row);

    private static ConstraintException Violation(
        IndexEntry entry, TableSchema schema, ColumnStore[] columns, int row) =>
        KeyCheck.Violation(
            schema, entry.Schema.Ordinals, "UNIQUE index", entry.Schema.Name, columns, row);
}
