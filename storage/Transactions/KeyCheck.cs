using System.Buffers;
using System.Globalization;
using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// Uniqueness of keys: at once when a statement writes rows, against the snapshot and the
/// transaction's own rows; and again at commit, against what others have committed since.
/// </summary>
internal static class KeyCheck
{
    // So many rows are looked up together.
    private const int TogetherCountMin = 16;

    /// <summary>Checks the pending rows from a position on, as the transaction sees them.</summary>
    public static void CheckWritten(
        PendingRows pending, long first, TableLayout layout, long timestamp,
        UniqueLookups? lookups, IReadOnlySet<int>? changed)
    {
        for (int k = 0; k < pending.Table.Schema.Keys.Count; k++)
        {
            if (IsIn(changed, pending.Table.Schema.Keys[k].Ordinals))
            {
                CheckWritten(pending, k, first, layout, timestamp, lookups);
            }
            else if (pending.Count > 1)
            {
                Observe(pending, k, first);
            }
        }
    }

    /// <summary>
    /// Whether a key may change with some columns. A row that takes the place of another one and
    /// has its key is as unique as that was.
    /// </summary>
    /// <param name="changed">The columns; null for all.</param>
    /// <param name="ordinals">The columns of the key.</param>
    public static bool IsIn(IReadOnlySet<int>? changed, int[] ordinals) =>
        changed is null || Array.Exists(ordinals, changed.Contains);

    // Rows that are not checked have keys that later ones may have, too.
    private static void Observe(PendingRows pending, int k, long first)
    {
        KeyMaximum maximum = pending.MaximumOf(k, first);
        while (first < pending.Count)
        {
            PendingChunk chunk = pending.ChunkOf(first);
            int row = PendingRows.RowOf(first);
            maximum.Observe(chunk.Columns, row, chunk.Count - row);
            first += chunk.Count - row;
        }
    }

    private static void CheckWritten(
        PendingRows pending, int k, long first, TableLayout layout, long timestamp,
        UniqueLookups? lookups)
    {
        TableEntry table = pending.Table;
        KeyMaximum? ownMaximum = pending.Count == 1 ? null : pending.MaximumOf(k, first);
        int[]? together = null;
        int togetherCount = 0;
        int chunkOfThem = -1;
        for (long position = first; position < pending.Count; position++)
        {
            if (!IsSought(pending, k, position, ownMaximum, out ulong hash))
            {
                continue;
            }

            int row = PendingRows.RowOf(position);
            lookups?.Add(table.Schema, table.Schema.Keys[k].Name, 1);
            if (pending.Count - first < TogetherCountMin)
            {
                CheckAgainstTable(
                    pending, k, pending.ChunkOf(position).Columns, row, hash, layout, timestamp);
                continue;
            }

            int number = (int)(position / Limits.ChunkRowCount);
            if (number != chunkOfThem)
            {
                CheckTogether(
                    pending, k, chunkOfThem, together.AsSpan(0, togetherCount), layout,
                    timestamp);
                togetherCount = 0;
                chunkOfThem = number;
            }

            together ??= ArrayPool<int>.Shared.Rent(Limits.ChunkRowCount);
            together[togetherCount++] = row;
        }

        if (together is not null)
        {
            CheckTogether(
                pending, k, chunkOfThem, together.AsSpan(0, togetherCount), layout,
                timestamp);
            ArrayPool<int>.Shared.Return(together);
        }
    }

    // Checks a row against the other pending rows, and tells whether the table may have its key.
    private static bool IsSought(
        PendingRows pending, int k, long position, KeyMaximum? ownMaximum, out ulong hash)
    {
        TableEntry table = pending.Table;
        int[] key = table.Schema.Keys[k].Ordinals;
        ColumnStore[] columns = pending.ChunkOf(position).Columns;
        int row = PendingRows.RowOf(position);
        hash = 0;
        if (KeyColumns.HasNull(columns, key, row))
        {
            return false;
        }

        bool isNew = ownMaximum?.IsBelow(columns, row) ?? true;
        bool isNewToTable = table.Rows.MaximumOf(k).IsBelow(columns, row);
        ownMaximum?.Observe(columns, row);
        if (isNew && isNewToTable)
        {
            return false;
        }

        KeyColumns.TryHash(columns, key, row, out hash);
        if (!isNew)
        {
            CheckAgainstPending(pending, k, position, hash);
        }

        return !isNewToTable;
    }

    // Rows of one chunk of pending rows, looked up together.
    private static void CheckTogether(
        PendingRows pending, int k, int chunk, ReadOnlySpan<int> rows, TableLayout layout,
        long timestamp)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        PendingChunk source = pending.Chunks[chunk];
        TableEntry table = pending.Table;
        int[] key = table.Schema.Keys[k].Ordinals;
        ColumnStore[] stores = source.ColumnsOf(key);
        var columns = new ColumnBuffer[key.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = stores[key[i]].View(source.Count, null);
        }

        RowPlace[] rented = ArrayPool<RowPlace>.Shared.Rent(source.Count);
        Span<RowPlace> places = rented.AsSpan(0, source.Count);
        KeyLookups.Find(layout, table.Rows, k, columns, rows, timestamp, places);
        foreach (int row in rows)
        {
            if (places[row].Row >= 0
                && !pending.IsEnded(TableSnapshot.AddressOf(places[row]).RowId, int.MaxValue))
            {
                throw Violation(pending, k, stores, row);
            }
        }

        // The places lead to parts of the table, which are not to be kept.
        places.Clear();
        ArrayPool<RowPlace>.Shared.Return(rented);
    }

    /// <summary>Checks all pending rows against the newest state of the table.</summary>
    public static void CheckCommit(PendingRows pending)
    {
        TableEntry table = pending.Table;
        for (int k = 0; k < table.Schema.Keys.Count; k++)
        {
            int[] key = table.Schema.Keys[k].Ordinals;
            KeyMaximum maximum = table.Rows.MaximumOf(k);
            int[] rows = ArrayPool<int>.Shared.Rent(Limits.ChunkRowCount);
            for (int number = 0; number < pending.Chunks.Count; number++)
            {
                PendingChunk chunk = pending.Chunks[number];
                ColumnStore[] columns = chunk.ColumnsOf(key);
                int count = 0;
                for (int row = 0; row < chunk.Count; row++)
                {
                    if (chunk.KilledAt(row) == int.MaxValue
                        && !KeyColumns.HasNull(columns, key, row)
                        && !maximum.IsBelow(columns, row))
                    {
                        rows[count++] = row;
                    }
                }

                CheckCommit(pending, k, number, rows.AsSpan(0, count));
            }

            ArrayPool<int>.Shared.Return(rows);
        }
    }

    // Rows of one chunk against what others have committed.
    private static void CheckCommit(
        PendingRows pending, int k, int number, ReadOnlySpan<int> rows)
    {
        const long Newest = long.MaxValue - 1;
        TableEntry table = pending.Table;
        if (rows.Length >= TogetherCountMin)
        {
            CheckTogether(pending, k, number, rows, table.Rows.Layout, Newest);
            return;
        }

        int[] key = table.Schema.Keys[k].Ordinals;
        ColumnStore[] columns = pending.Chunks[number].ColumnsOf(key);
        foreach (int row in rows)
        {
            KeyColumns.TryHash(columns, key, row, out ulong hash);
            CheckAgainstTable(pending, k, columns, row, hash, table.Rows.Layout, Newest);
        }
    }

    private static void CheckAgainstPending(PendingRows pending, int k, long position, ulong hash)
    {
        ColumnStore[] columns = pending.ChunkOf(position).Columns;
        int row = PendingRows.RowOf(position);
        var sought = SoughtKey.OfRow(pending.Table.Schema, k, columns, row, hash);
        if (pending.Keys.TryFind(sought, pending.Count, int.MaxValue - 1, position, out _))
        {
            throw Violation(pending, k, columns, row);
        }
    }

    private static void CheckAgainstTable(
        PendingRows pending,
        int k,
        ColumnStore[] columns,
        int row,
        ulong hash,
        TableLayout layout,
        long timestamp)
    {
        var sought = SoughtKey.OfRow(pending.Table.Schema, k, columns, row, hash);
        if (layout.TryFind(sought, timestamp, out long rowId)
            && !pending.IsEnded(rowId, int.MaxValue))
        {
            throw Violation(pending, k, columns, row);
        }
    }

    /// <summary>The error of a row whose values another row has already.</summary>
    public static ConstraintException Violation(
        TableSchema schema, int[] ordinals, string kind, string name, ColumnStore[] columns,
        int row)
    {
        var names = new StringBuilder();
        var values = new StringBuilder();
        foreach (int ordinal in ordinals)
        {
            names.Append(names.Length > 0 ? ", " : "").Append(schema.Columns[ordinal].Name);
            values.Append(values.Length > 0 ? ", " : "").Append(Show(columns[ordinal], row));
        }

        return new ConstraintException(
            ErrorCode.UniqueViolation,
            $"Table {schema.Name} has a row with {kind} ({names}) = ({values}) already "
            + $"(constraint {name}). Nothing was stored; use another value or update the row.");
    }

    private static ConstraintException Violation(
        PendingRows pending, int k, ColumnStore[] columns, int row)
    {
        KeySchema key = pending.Table.Schema.Keys[k];
        return Violation(
            pending.Table.Schema,
            key.Ordinals,
            key.IsPrimary ? "PRIMARY KEY" : "UNIQUE key",
            key.Name,
            columns,
            row);
    }

    private static string Show(ColumnStore column, int row)
    {
        Value value = column.ValueAt(row);
        if (value.IsNull)
        {
            return "NULL";
        }

        string text = column.Type.Kind switch
        {
            TypeKind.Boolean => value.AsBoolean() ? "true" : "false",
            TypeKind.Date => DateTimeText.FormatDate(value.AsInt64()),
            TypeKind.Timestamp => DateTimeText.FormatTimestamp(value.AsInt64()),
            TypeKind.TimestampTz => $"{DateTimeText.FormatTimestamp(value.AsInt64())}+00",
            TypeKind.Time => DateTimeText.FormatTime(value.AsInt64()),
            TypeKind.Enum => $"'{EnumValue.LabelOf(value.AsText())}'",
            _ => ShowPhysical(column.Type.Physical, value),
        };
        return text.Length <= 100 ? text : $"{text[..100]}...";
    }

    private static string ShowPhysical(PhysicalKind kind, Value value) => kind switch
    {
        PhysicalKind.Int64 => value.AsInt64().ToString(CultureInfo.InvariantCulture),
        PhysicalKind.Double => value.AsDouble().ToString("R", CultureInfo.InvariantCulture),
        PhysicalKind.Decimal => value.AsDecimal().ToString(CultureInfo.InvariantCulture),
        PhysicalKind.Uuid => value.AsUuid().ToString(),
        PhysicalKind.Interval => value.AsInterval().ToString(),
        PhysicalKind.Text => $"'{value.AsText()}'",
        PhysicalKind.Blob => $"x'{Convert.ToHexString(value.AsBlob())}'",
        _ => "a vector",
    };
}
