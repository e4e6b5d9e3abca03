using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The one way by which statements change rows: with the triggers and foreign keys of the table. A
/// table without any costs one look-up.
/// </summary>
internal readonly struct RowChanges
{
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

    /// <summary>Whether changes need the rows as they were.</summary>
    public bool NeedsOldRows => _rules is { NeedsOldRows: true };

    /// <summary>Stores new rows.</summary>
    public void Insert(RowBatch rows)
    {
        if (_rules is null)
        {
            _context.Transaction.Insert(_table, rows);
            return;
        }

        Fire(TriggerTiming.Before, TriggerEvent.Insert, null, rows);
        _context.Transaction.Insert(_table, rows);
        if (_context.EnforcesForeignKeys)
        {
            _keys!.CheckReferences(_rules, null, rows);
        }

        Fire(TriggerTiming.After, TriggerEvent.Insert, null, rows);
    }

    /// <summary>Replaces rows.</summary>
    /// <param name="rowIds">Where they lie.</param>
    /// <param name="old">The rows as they were; may be null unless they are needed.</param>
    /// <param name="rows">The rows as they are to be.</param>
    public void Update(ReadOnlySpan<long> rowIds, RowBatch? old, RowBatch rows)
    {
        if (_rules is null)
        {
            _context.Transaction.Update(_table, rowIds, rows);
            return;
        }

        long[] ids = rowIds.ToArray();
        old ??= OldRows(ids);
        Fire(TriggerTiming.Before, TriggerEvent.Update, old, rows);
        _context.Transaction.Update(_table, ids, rows);
        if (_context.EnforcesForeignKeys)
        {
            _keys!.CheckReferences(_rules, old, rows);
            _keys.Follow(_rules, old, rows);
            Complete();
        }

        Fire(TriggerTiming.After, TriggerEvent.Update, old, rows);
    }

    /// <summary>Removes rows.</summary>
    /// <param name="rowIds">Where they lie.</param>
    /// <param name="old">The rows as they were; may be null unless they are needed.</param>
    public void Delete(ReadOnlySpan<long> rowIds, RowBatch? old)
    {
        if (_rules is not { NeedsOldRows: true })
        {
            _context.Transaction.Delete(_table, rowIds);
            return;
        }

        long[] ids = rowIds.ToArray();
        old ??= OldRows(ids);
        Fire(TriggerTiming.Before, TriggerEvent.Delete, old, null);
        _context.Transaction.Delete(_table, ids);
        if (_context.EnforcesForeignKeys)
        {
            _keys!.Follow(_rules, old, null);
            Complete();
        }

        Fire(TriggerTiming.After, TriggerEvent.Delete, old, null);
    }

    private RowBatch OldRows(long[] rowIds)
    {
        TableSnapshot snapshot = _context.Transaction.Open(_table);
        RowAddress[] addresses = [.. rowIds.Select(static id => new RowAddress(id))];
        ColumnBuffer[] columns = [.. Enumerable.Range(0, _table.Schema.Columns.Count)
            .Select(ordinal => snapshot.Fetch(ordinal, addresses))];
        return new RowBatch(columns, rowIds.Length);
    }

    private void Complete()
    {
        if (_isOuter)
        {
            _keys!.Complete();
        }
    }

    private void Fire(TriggerTiming timing, TriggerEvent kind, RowBatch? old, RowBatch? rows)
    {
        foreach (TriggerRule rule in _rules!.Triggers(timing, kind))
        {
            rule.Run(_table.Schema.Columns, old, rows, _context);
        }
    }
}
