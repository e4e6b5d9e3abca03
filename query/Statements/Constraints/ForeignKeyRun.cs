using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The foreign keys of one change: what it refers to must be there, and what referred to the rows
/// that it took away goes, changes or stands in its way. Cascades go from table to table without
/// recursion.
/// </summary>
internal sealed class ForeignKeyRun(ExecutionContext context)
{
    private readonly Queue<Action> _waiting = new();

    /// <summary>Works off what cascades brought.</summary>
    public void Complete()
    {
        while (_waiting.TryDequeue(out Action? next))
        {
            context.ThrowIfCancelled();
            next();
        }
    }

    /// <summary>Raises an error, or notes it, where new rows refer to nothing.</summary>
    /// <param name="rules">The rules of the table.</param>
    /// <param name="old">The rows before a change; keys that stay are not sought.</param>
    /// <param name="rows">The rows as they are stored.</param>
    public void CheckReferences(TableRules rules, RowBatch? old, RowBatch rows)
    {
        foreach (ForeignKeySchema key in rules.Outgoing)
        {
            int[] ordinals = key.Ordinals;
            var sought = new List<int>(rows.Count);
            for (int row = 0; row < rows.Count; row++)
            {
                if ((old is null || KeyValues.Differ(old, rows, ordinals, row))
                    && !Array.Exists(ordinals, i => rows.Columns[i].IsNull(row)))
                {
                    sought.Add(row);
                }
            }

            if (sought.Count > 0)
            {
                CheckKeys(rules.Table!, key, rows, sought);
            }
        }
    }

    /// <summary>Does to referencing rows what their foreign keys say.</summary>
    /// <param name="rules">The rules of the table that lost keys.</param>
    /// <param name="old">The rows before.</param>
    /// <param name="rows">The rows after, or null if they were deleted.</param>
    public void Follow(TableRules rules, RowBatch old, RowBatch? rows)
    {
        foreach ((TableEntry child, ForeignKeySchema key) in rules.Incoming)
        {
            ParentKey parent = ParentKey.Of(key, context.Transaction.Catalog, default);
            var lost = new Dictionary<Value[], int>(KeyValues.Comparer);
            for (int row = 0; row < old.Count; row++)
            {
                if ((rows is null || KeyValues.Differ(old, rows, parent.Ordinals, row))
                    && KeyValues.Of(old, parent.Ordinals, row) is { } values)
                {
                    lost[values] = row;
                }
            }

            if (lost.Count == 0)
            {
                continue;
            }

            context.Transaction.GuardRows(child);
            ForeignKeyAction action = rows is null ? key.OnDelete : key.OnUpdate;
            if (action is ForeignKeyAction.NoAction or ForeignKeyAction.Restrict)
            {
                bool isDeferred = key.IsDeferred && action == ForeignKeyAction.NoAction;
                _waiting.Enqueue(() => CheckLost(child, key, parent, lost.Keys, isDeferred));
            }
            else
            {
                Change(child, key, parent, action, lost, rows);
            }
        }
    }

    /// <summary>The error for a row that refers to nothing.</summary>
    public static ConstraintException Missing(
        TableEntry child, ForeignKeySchema key, Value[] values) => new(
        ErrorCode.ForeignKeyViolation,
        $"Table {child.Schema.Name} refers by {Columns(child, key)} = ({Show(values)}) to a row "
        + $"that table {key.Table} does not have (constraint {key.Name}). Nothing was stored.");

    private static ConstraintException StillUsed(
        TableEntry child, ForeignKeySchema key, Value[] values) => new(
        ErrorCode.ForeignKeyViolation,
        $"Table {key.Table} has a row that table {child.Schema.Name} refers to by "
        + $"{Columns(child, key)} = ({Show(values)}) (constraint {key.Name}). Nothing was "
        + "stored; remove the referencing rows first.");

    private static string Columns(TableEntry child, ForeignKeySchema key) =>
        $"({string.Join(", ", key.Ordinals.Select(i => child.Schema.Columns[i].Name))})";

    private static string Show(Value[] values) =>
        string.Join(", ", values.Select(
            static value => ValueText.Shorten(ValueText.Format(value))));

    private void CheckKeys(
        TableEntry child, ForeignKeySchema key, RowBatch rows, List<int> sought)
    {
        ParentKey parent = ParentKey.Of(key, context.Transaction.Catalog, default);
        ColumnBuffer[] columns =
            [.. key.Ordinals.Select(i => rows.Columns[i].Gather([.. sought]))];
        int count = sought.Count;
        if (count > 1)
        {
            int[] first = FirstOfEach(columns, count);
            columns = [.. columns.Select(column => column.Gather(first))];
            count = first.Length;
        }

        bool[] areThere = parent.AreThere(columns, count, context);
        context.Profile?.Note(
            new ChangeLookup(ChangeLookupPurpose.Referenced, child.Schema.Name, key.Name),
            count,
            areThere.Count(static isThere => isThere));
        for (int row = 0; row < count; row++)
        {
            if (areThere[row])
            {
                continue;
            }

            Value[] values = [.. columns.Select(column => column.GetValue(row))];
            if (!key.IsDeferred)
            {
                throw Missing(child, key, values);
            }

            context.Deferred.Add(child, key, values);
        }
    }

    // The first row of each key.
    private static int[] FirstOfEach(ColumnBuffer[] columns, int count)
    {
        var table = new GroupTable(columns.Select(static column => column.Type));
        var groups = new int[count];
        table.FindOrAdd(columns, count, groups);
        var first = new List<int>();
        for (int row = 0; row < count; row++)
        {
            if (groups[row] == first.Count)
            {
                first.Add(row);
            }
        }

        Invariant.Check(first.Count == table.Count);
        return [.. first];
    }

    private void CheckLost(
        TableEntry child,
        ForeignKeySchema key,
        ParentKey parent,
        IEnumerable<Value[]> lost,
        bool isDeferred)
    {
        if (!context.Transaction.Catalog.Contains(child))
        {
            return;
        }

        // What was lost are values of the referenced columns.
        DataType[] types =
            [.. parent.Ordinals.Select(i => parent.Table.Schema.Columns[i].Type)];
        Value[][] gone = parent.Absent([.. lost], types, context);
        if (gone.Length == 0
            || ChildRows.Find(child, key, gone, context) is not { } referencing)
        {
            return;
        }

        for (int row = 0; row < referencing.Count; row++)
        {
            Value[] values = KeyValues.Of(referencing, ChildRows.Places(key), row)!;
            if (!isDeferred)
            {
                throw StillUsed(child, key, values);
            }

            context.Deferred.Add(child, key, values);
        }
    }

    private void Change(
        TableEntry child,
        ForeignKeySchema key,
        ParentKey parent,
        ForeignKeyAction action,
        Dictionary<Value[], int> lost,
        RowBatch? rows)
    {
        RowBatch? found = ChildRows.Find(child, key, [.. lost.Keys], context);
        if (found is null)
        {
            return;
        }

        long[] rowIds = ((ColumnBuffer<long>)found.Columns[0]).Values.ToArray();
        var old = new RowBatch(found.Columns[1..], found.Count);
        if (action == ForeignKeyAction.Cascade && rows is null)
        {
            new RowChanges(child, context, this).Delete(rowIds, old);
            return;
        }

        ColumnBuffer[] columns = [.. old.Columns];
        for (int i = 0; i < key.Ordinals.Length; i++)
        {
            ColumnSchema column = child.Schema.Columns[key.Ordinals[i]];
            ColumnBuilder builder = ColumnBuilder.Create(column.Type, found.Count);
            for (int row = 0; row < found.Count; row++)
            {
                builder.Append(action == ForeignKeyAction.SetNull ? Value.Null
                    : action == ForeignKeyAction.SetDefault ? DefaultOf(column)
                    : rows!.Columns[parent.Ordinals[i]].GetValue(
                        lost[KeyValues.Of(old, key.Ordinals, row)!]));
            }

            columns[key.Ordinals[i]] = builder.Build();
        }

        var rowsAfter = new RowBatch(columns, found.Count);
        var binder = new Binder(context.Transaction.Catalog, [], new NoticeList());
        var writer = new TableWriter(child, null, [], binder);
        IReadOnlySet<int> changed = writer.ChangedWith(key.Ordinals);
        rowsAfter = writer.Complete(rowsAfter, context, changed);
        writer.Check(rowsAfter, context);
        new RowChanges(child, context, this).Update(rowIds, old, rowsAfter, changed);
    }

    private Value DefaultOf(ColumnSchema column)
    {
        var binder = new Binder(context.Transaction.Catalog, [], new NoticeList());
        Expression value = InsertBinder.BindDefault(column, binder);
        return Conditions.ValueOf(value, context);
    }
}
