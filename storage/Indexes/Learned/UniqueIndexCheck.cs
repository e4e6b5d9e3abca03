namespace NeuroDb.Storage;

/// <summary>
/// Uniqueness of indexes, as <see cref="KeyCheck"/> has it of keys: at once when rows are written,
/// again at commit, and of all rows when an index is made. A row with a NULL equals no other one.
/// </summary>
internal static class UniqueIndexCheck
{
    private const int BatchCount = 1024;

    // So many rows go down the index together.
    private const int TogetherCountMin = 16;

    /// <summary>Checks the pending rows from a position on, as the transaction sees them.</summary>
    public static void CheckWritten(
        PendingRows pending, long first, TableLayout layout, long timestamp,
        IReadOnlyList<IndexEntry> indexes)
    {
        foreach (IndexEntry entry in indexes)
        {
            if (!entry.Schema.IsUnique)
            {
                continue;
            }

            var index = LearnedIndex.Of(entry, pending.Table);
            if (pending.Count - first >= TogetherCountMin)
            {
                CheckTogether(
                    pending, first, pending.Count, layout, timestamp, entry, index);
                continue;
            }

            var codes = new ulong[index.Keys.Count];
            for (long position = first; position < pending.Count; position++)
            {
                ColumnStore[] columns =
                    pending.ChunkOf(position).ColumnsOf(index.Keys.Ordinals);
                int row = PendingRows.RowOf(position);
                if (index.Keys.TryEncode(columns, row, codes)
                    && (IsPending(pending, index, codes, position)
                        || IsIn(layout, index, codes, pending, position, timestamp)))
                {
                    throw Violation(entry, pending.Table.Schema, columns, row);
                }
            }
        }
    }

    /// <summary>Checks all pending rows against the newest state of the table.</summary>
    public static void CheckCommit(PendingRows pending, IReadOnlyList<IndexEntry> indexes)
    {
        foreach (IndexEntry entry in indexes)
        {
            if (!entry.Schema.IsUnique)
            {
                continue;
            }

            var index = LearnedIndex.Of(entry, pending.Table);
            if (pending.Count >= TogetherCountMin)
            {
                CheckTogether(
                    pending, 0, 0, pending.Table.Rows.Layout, long.MaxValue - 1, entry, index);
                continue;
            }

            var codes = new ulong[index.Keys.Count];
            for (long position = 0; position < pending.Count; position++)
            {
                PendingChunk chunk = pending.ChunkOf(position);
                int row = PendingRows.RowOf(position);
                ColumnStore[] columns = chunk.ColumnsOf(index.Keys.Ordinals);
                if (chunk.KilledAt(row) == int.MaxValue
                    && index.Keys.TryEncode(columns, row, codes)
                    && IsIn(
                        pending.Table.Rows.Layout, index, codes, pending, position,
                        long.MaxValue - 1))
                {
                    throw Violation(entry, pending.Table.Schema, columns, row);
                }
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
        var positions = new List<long>(BatchCount);
        var hits = new List<IndexHit>(BatchCount);
        var row = new ulong[index.Keys.Count];
        for (long start = first; start < pending.Count; start += BatchCount)
        {
            ulong[][] codes = [.. row.Select(static _ => new ulong[BatchCount])];
            positions.Clear();
            hits.Clear();
            for (long i = start; i < Math.Min(pending.Count, start + BatchCount); i++)
            {
                if (pending.IsAlive(i, int.MaxValue - 1) && index.Keys.TryEncode(
                    pending.ChunkOf(i).ColumnsOf(index.Keys.Ordinals),
                    PendingRows.RowOf(i),
                    row))
                {
                    for (int column = 0; column < row.Length; column++)
                    {
                        codes[column][positions.Count] = row[column];
                    }

                    positions.Add(i);
                }
            }

            if (positions.Count == 0)
            {
                continue;
            }

            codes = [.. codes.Select(column => column[..positions.Count])];
            IndexLookups.Find(layout, view, pendingCount, index, codes, hits);
            foreach (IndexHit hit in hits.OrderBy(static hit => hit.Key))
            {
                CheckHit(pending, positions[hit.Key], hit.Place, entry, index);
            }
        }
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

    private static bool IsPending(
        PendingRows pending, LearnedIndex index, ulong[] codes, long position)
    {
        DeltaIndexView view = pending.Indexes.Of(index).Cover(pending.Count);
        return IsInView(
            view,
            (int)pending.Count - view.TailStart,
            index,
            codes,
            other => other != position && other < pending.Count
                && pending.IsAlive(other, int.MaxValue - 1)
                && IsSame(
                    index,
                    pending,
                    position,
                    pending.ChunkOf(other).ColumnsOf(index.Keys.Ordinals),
                    PendingRows.RowOf(other)));
    }

    private static bool IsIn(
        TableLayout layout, LearnedIndex index, ulong[] codes, PendingRows pending, long position,
        long timestamp)
    {
        foreach (RowPart part in layout.Parts)
        {
            bool IsThere(int ordinal)
            {
                var place = RowPlace.Of(part, ordinal);
                return IndexVisibility.IsSeen(place, timestamp)
                    && !pending.IsEnded(part.RowIdOf(place.Chunk, place.Row), int.MaxValue)
                    && IsSame(index, pending, position, ColumnsOf(place, index), place.Row);
            }

            bool isThere = false;
            if (part is SealedRows rows)
            {
                IndexRun run = rows.File.Indexes.Of(index).RunBetween(codes[0], codes[0]);
                isThere = IsInRun(run, IndexBounds.Of(codes), IsThere);
            }
            else
            {
                var delta = (RowDelta)part;
                long begun = delta.CountBegun(timestamp);
                if (begun > 0)
                {
                    DeltaIndexView view = delta.Indexes.Of(index).Cover(begun);
                    isThere = IsInView(
                        view, (int)begun - view.TailStart, index, codes, IsThere);
                }
            }

            if (isThere)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInView(
        DeltaIndexView view, int tailCount, LearnedIndex index, ulong[] codes,
        Func<int, bool> isOne)
    {
        var bounds = IndexBounds.Of(codes);
        foreach (IndexRun run in view.Runs)
        {
            if (IsInRun(run, bounds, isOne))
            {
                return true;
            }
        }

        if (tailCount <= 0)
        {
            return false;
        }

        // Of the codes of one column only equal ones count: they are found without a branch each.
        ReadOnlySpan<ulong> first = view.Tail[0].AsSpan(0, tailCount);
        int start = 0;
        int next;
        while ((next = first[start..].IndexOf(codes[0])) >= 0)
        {
            start += next;
            if (bounds.Contains(view.Tail, start) && isOne(view.TailStart + start))
            {
                return true;
            }

            start++;
        }

        Invariant.Check(index.Keys.Count == codes.Length);
        return false;
    }

    private static bool IsInRun(IndexRun run, in IndexBounds bounds, Func<int, bool> isOne)
    {
        (int start, int end) = run.Find(bounds);
        for (int i = start; i < end; i++)
        {
            if (isOne(run.Ordinals[i]))
            {
                return true;
            }
        }

        return false;
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
