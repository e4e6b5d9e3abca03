using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The one way by which statements change rows: with the triggers and foreign keys of the table. A
/// table without any costs one look-up.
/// </summary>
internal readonly struct RowChanges
{
    // Rows changed between two looks for cancellation.
    private const int PieceRowCount = 8192;

    private readonly TableEntry _table;
    private readonly ExecutionContext _context;
    private readonly TableRules? _rules;
    private readonly ForeignKeyRun? _keys;
    private readonly bool _isOuter;

    /// <summary>Prepares changes of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="context">The execution.</param>
    /// <param name="cascade">What the change belongs to, if a foreign key makes it.</param>
    public RowChanges(TableEntry table, ExecutionContext context, ForeignKeyRun? cascade = null)
    {
        _table = table;
        _context = context;
        _rules = TableRules.Of(context.Transaction.Catalog, table.Schema.Name);
        if (_rules is not null)
        {
            _isOuter = cascade is null;
            _keys = cascade ?? new ForeignKeyRun(context);
        }
    }

    /// <summary>Whether the table has triggers or foreign keys.</summary>
    public bool HasRules => _rules is not null;

    /// <summary>
    /// Whether changes of some columns set anything off: triggers, or foreign keys over them.
    /// </summary>
    public bool IsSetOffBy(IReadOnlySet<int>? changed) =>
        _rules?.IsSetOffBy(changed, _context) == true;

    /// <summary>Whether changes need the rows as they were.</summary>
    public bool NeedsOldRows => _rules is { NeedsOldRows: true };

    /// <summary>
    /// Whether a row of a table sets something off that may read other rows of it: triggers, and
    /// references to the table itself.
    /// </summary>
    public static bool MeetsItself(TableEntry table, CatalogView catalog) =>
        TableRules.Of(catalog, table.Schema.Name) is { } rules
        && (rules.HasTriggers || rules.Outgoing.Any(
            key => key.Table.Equals(table.Schema.Name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Stores new rows.</summary>
    /// <returns>Those that no trigger ignored; null for all.</returns>
    public int[]? Insert(RowBatch rows)
    {
        if (_rules is null)
        {
            _context.Transaction.Insert(_table, rows);
            return null;
        }

        int[]? kept = Before(TriggerEvent.Insert, null, rows);
        rows = kept is null ? rows : rows.Gather(kept);
        if (rows.Count == 0)
        {
            return kept;
        }

        _context.Transaction.Insert(_table, rows);
        if (_context.EnforcesForeignKeys)
        {
            _keys!.CheckReferences(_rules, null, rows);
        }

        After(TriggerEvent.Insert, null, rows);
        return kept;
    }

    /// <summary>Replaces rows.</summary>
    /// <param name="rowIds">Where they lie.</param>
    /// <param name="old">The rows as they were; may be null unless they are needed.</param>
    /// <param name="rows">The rows as they are to be.</param>
    /// <param name="changed">
    /// The columns in which they may differ; keys of others are not looked up. Null for all.
    /// </param>
    /// <returns>Those that no trigger ignored; null for all.</returns>
    public int[]? Update(
        ReadOnlySpan<long> rowIds,
        RowBatch? old,
        RowBatch rows,
        IReadOnlySet<int>? changed = null)
    {
        if (Unchanged(rowIds) is { } first)
        {
            if (first.Length == 0)
            {
                return first;
            }

            int[]? some = Update(
                Gather(rowIds, first), old?.Gather(first), rows.Gather(first), changed);
            return some is null ? first : Gather(first, some);
        }

        if (!IsSetOffBy(changed))
        {
            Replace(rowIds, rows, changed);
            return null;
        }

        long[] ids = rowIds.ToArray();
        old ??= OldRows(ids);
        int[]? kept = Before(TriggerEvent.Update, old, rows);
        if (kept is not null)
        {
            (ids, old, rows) = (Gather(ids, kept), old.Gather(kept), rows.Gather(kept));
        }

        if (ids.Length == 0)
        {
            return kept;
        }

        Replace(ids, rows, changed);
        if (_context.EnforcesForeignKeys)
        {
            _keys!.CheckReferences(_rules!, old, rows);
            _keys.Follow(_rules!, old, rows);
            Complete();
        }

        After(TriggerEvent.Update, old, rows);
        return kept;
    }

    /// <summary>Removes rows.</summary>
    /// <param name="rowIds">Where they lie.</param>
    /// <param name="old">The rows as they were; may be null unless they are needed.</param>
    /// <returns>Those that no trigger ignored; null for all.</returns>
    public int[]? Delete(ReadOnlySpan<long> rowIds, RowBatch? old)
    {
        if (Unchanged(rowIds) is { } first)
        {
            if (first.Length == 0)
            {
                return first;
            }

            int[]? some = Delete(Gather(rowIds, first), old?.Gather(first));
            return some is null ? first : Gather(first, some);
        }

        if (_rules is not { NeedsOldRows: true })
        {
            Remove(rowIds);
            return null;
        }

        long[] ids = rowIds.ToArray();
        old ??= OldRows(ids);
        int[]? kept = Before(TriggerEvent.Delete, old, null);
        if (kept is not null)
        {
            (ids, old) = (Gather(ids, kept), old.Gather(kept));
        }

        if (ids.Length == 0)
        {
            return kept;
        }

        Remove(ids);
        if (_context.EnforcesForeignKeys)
        {
            _keys!.Follow(_rules, old, null);
            Complete();
        }

        After(TriggerEvent.Delete, old, null);
        return kept;
    }

    private RowBatch OldRows(long[] rowIds)
    {
        TableSnapshot snapshot = _context.Transaction.Open(_table);
        RowAddress[] addresses = [.. rowIds.Select(static id => new RowAddress(id))];
        ColumnBuffer[] columns = [.. Enumerable.Range(0, _table.Schema.Columns.Count)
            .Select(ordinal => snapshot.Fetch(ordinal, addresses))];
        return new RowBatch(columns, rowIds.Length);
    }

    // Old keys are gone before new ones come, so that rows may swap them. What fails or is
    // cancelled in between is taken back with its statement.
    private void Replace(
        ReadOnlySpan<long> rowIds, RowBatch rows, IReadOnlySet<int>? changed)
    {
        if (rowIds.Length <= PieceRowCount)
        {
            _context.Transaction.Update(_table, rowIds, rows, changed);
            return;
        }

        Remove(rowIds);
        for (int start = 0; start < rows.Count; start += PieceRowCount)
        {
            _context.ThrowIfCancelled();
            _context.Transaction.Insert(
                _table,
                rows.Slice(start, Math.Min(PieceRowCount, rows.Count - start)),
                changed);
        }
    }

    private void Remove(ReadOnlySpan<long> rowIds)
    {
        while (rowIds.Length > PieceRowCount)
        {
            _context.ThrowIfCancelled();
            _context.Transaction.Delete(_table, rowIds[..PieceRowCount]);
            rowIds = rowIds[PieceRowCount..];
        }

        _context.Transaction.Delete(_table, rowIds);
    }

    // Which rows no part of the statement before this one changed; null for all.
    private int[]? Unchanged(ReadOnlySpan<long> rowIds)
    {
        if (_context.ChangedRows is not { } changed)
        {
            return null;
        }

        var first = new List<int>(rowIds.Length);
        for (int i = 0; i < rowIds.Length; i++)
        {
            if (!changed.Contains((_table, rowIds[i])))
            {
                first.Add(i);
            }
        }

        if (first.Count < rowIds.Length)
        {
            return [.. first];
        }

        foreach (long rowId in rowIds)
        {
            changed.Add((_table, rowId));
        }

        return null;
    }

    private void Complete()
    {
        if (_isOuter)
        {
            _keys!.Complete();
        }
    }

    // What one trigger ignores, the next ones do not see.
    private int[]? Before(TriggerEvent kind, RowBatch? old, RowBatch? rows)
    {
        int[]? kept = null;
        foreach (TriggerRule rule in _rules!.Triggers(TriggerTiming.Before, kind))
        {
            if (rule.Run(_table.Schema.Columns, old, rows, _context) is not { } some)
            {
                continue;
            }

            kept = kept is null ? some : Gather(kept, some);
            old = old?.Gather(some);
            rows = rows?.Gather(some);
        }

        return kept;
    }

    private void After(TriggerEvent kind, RowBatch? old, RowBatch? rows)
    {
        foreach (TriggerRule rule in _rules!.Triggers(TriggerTiming.After, kind))
        {
            _ = rule.Run(_table.Schema.Columns, old, rows, _context);
        }
    }

    private static T[] Gather<T>(ReadOnlySpan<T> items, int[] kept)
    {
        var some = new T[kept.Length];
        for (int i = 0; i < some.Length; i++)
        {
            some[i] = items[kept[i]];
        }

        return some;
    }
}
