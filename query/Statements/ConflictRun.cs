using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// One INSERT whose rows may meet rows with the same key. It goes in rounds: a round takes, in
/// order, the rows that share no key with an earlier row still waiting, so that the outcome is
/// that of one row after the other, while rows without conflict go in all at once.
/// </summary>
internal sealed class ConflictRun(
    TableWriter writer, IReadOnlyList<ConflictClause> clauses, ExecutionContext context)
{
    private readonly List<int> _places = [];
    private readonly UniqueKey[] _keys =
        UniqueKey.AllOf(writer.Table, context.Transaction.Catalog);

    private readonly RowStore _stored =
        new(writer.Table.Schema.Columns.Select(column => column.Type));

    /// <summary>The rows inserted and updated as they are stored, in the order given.</summary>
    public RowBatch? Stored { get; private set; }

    /// <summary>The last row that was inserted, or -1.</summary>
    public int LastInserted { get; private set; } = -1;

    /// <summary>Whether a row was inserted or updated a row.</summary>
    public bool IsStored(int row) => _places.Contains(row);

    /// <summary>Stores the rows; gives the number of rows inserted and updated.</summary>
    public int Run(RowBatch rows)
    {
        int[] waiting = [.. Enumerable.Range(0, rows.Count)];
        while (waiting.Length > 0)
        {
            context.ThrowIfCancelled();
            waiting = Round(rows, waiting);
        }

        if (_places.Count > 0)
        {
            int[] order = [.. Enumerable.Range(0, _places.Count)];
            Array.Sort([.. _places], order);
            Stored = _stored.Build().Gather(order);
        }

        return _places.Count;
    }

    /// <summary>Handles the rows that can be; gives those that must wait.</summary>
    private int[] Round(RowBatch rows, int[] waiting)
    {
        TableSnapshot snapshot = context.Transaction.Open(writer.Table);
        bool[] isFirst = FindFirst(rows, waiting);
        var there = new RowsInWay(
            snapshot,
            clauses,
            waiting.Length == rows.Count ? rows : rows.Gather(waiting),
            context);
        var later = new List<int>();
        var inserted = new List<int>();
        var deleted = new HashSet<long>();
        var updated = new HashSet<long>();
        var updates = new Dictionary<ConflictClause, List<(int Row, RowAddress There)>>();
        for (int i = 0; i < waiting.Length; i++)
        {
            int row = waiting[i];
            ConflictClause? clause = null;
            RowAddress met = default;
            if (isFirst[i])
            {
                clause = there.First(i, out met);
            }

            if (!isFirst[i]
                || (clause?.Assignments is not null && !updated.Add(met.RowId)))
            {
                later.Add(row);
            }
            else if (clause is null)
            {
                inserted.Add(row);
            }
            else if (clause.IsReplace)
            {
                there.AddAll(i, clause, deleted);
                inserted.Add(row);
            }
            else if (clause.Assignments is not null)
            {
                updates.TryAdd(clause, []);
                updates[clause].Add((row, met));
            }
        }

        Apply(snapshot, rows, inserted, deleted, updates);
        return [.. later];
    }

    private void Apply(
        TableSnapshot snapshot,
        RowBatch rows,
        List<int> inserted,
        HashSet<long> deleted,
        Dictionary<ConflictClause, List<(int Row, RowAddress There)>> updates)
    {
        if (deleted.Count > 0)
        {
            new RowChanges(writer.Table, context).Delete(deleted.ToArray(), null);
        }

        // The old rows are read before anything is stored.
        var changes =
            new List<(long[] RowIds, RowBatch Rows, int[] Places, IReadOnlySet<int> Changed)>();
        foreach ((ConflictClause clause, List<(int Row, RowAddress There)> pairs) in updates)
        {
            if (Change(snapshot, rows, clause, pairs) is { } change)
            {
                changes.Add((
                    change.RowIds,
                    change.Rows,
                    change.Places,
                    writer.ChangedWith(UpdateBinder.OrdinalsOf(clause.Assignments!))));
            }
        }

        if (inserted.Count > 0)
        {
            RowBatch batch = rows.Gather([.. inserted]);
            int[] kept = new RowChanges(writer.Table, context).Insert(batch)
                ?? [.. Enumerable.Range(0, batch.Count)];
            _stored.Add(batch.Gather(kept));
            _places.AddRange(kept.Select(row => inserted[row]));
            LastInserted = Math.Max(
                LastInserted, kept.Length == 0 ? -1 : inserted[kept[^1]]);
        }

        foreach ((long[] rowIds, RowBatch batch, int[] places, var changed) in changes)
        {
            RowBatch complete = writer.Complete(batch, context, changed);
            writer.Check(complete, context);
            int[] kept = new RowChanges(writer.Table, context)
                .Update(rowIds, null, complete, changed)
                ?? [.. Enumerable.Range(0, complete.Count)];
            _stored.Add(complete.Gather(kept));
            _places.AddRange(kept.Select(row => places[row]));
        }
    }

    private (long[] RowIds, RowBatch Rows, int[] Places)? Change(
        TableSnapshot snapshot,
        RowBatch rows,
        ConflictClause clause,
        List<(int Row, RowAddress There)> pairs)
    {
        int width = writer.Table.Schema.Columns.Count;
        RowAddress[] addresses = [.. pairs.Select(pair => pair.There)];
        int[] places = [.. pairs.Select(pair => pair.Row)];
        IEnumerable<ColumnBuffer> there = Enumerable.Range(0, width)
            .Select(ordinal => snapshot.Fetch(ordinal, addresses));
        var both = new RowBatch([.. there, .. rows.Gather(places).Columns], places.Length);
        int[]? passing = clause.Where is null
            ? null
            : Conditions.Rows(clause.Where, both, context);
        if (passing is { Length: 0 })
        {
            return null;
        }

        if (passing is not null)
        {
            both = both.Gather(passing);
            addresses = [.. passing.Select(i => addresses[i])];
            places = [.. passing.Select(i => places[i])];
        }

        var columns = new ColumnBuffer[width];
        for (int i = 0; i < width; i++)
        {
            columns[i] = clause.Assignments![i]?.Evaluate(both, context) ?? both.Columns[i];
        }

        long[] rowIds = [.. addresses.Select(address => address.RowId)];
        return (rowIds, new RowBatch(columns, places.Length), places);
    }

    /// <summary>Which waiting rows share no key with a row before them.</summary>
    private bool[] FindFirst(RowBatch rows, int[] waiting)
    {
        var isFirst = new bool[waiting.Length];
        isFirst.AsSpan().Fill(true);
        if (waiting.Length == 1)
        {
            return isFirst;
        }

        RowBatch batch = waiting.Length == rows.Count ? rows : rows.Gather(waiting);
        foreach (UniqueKey key in _keys)
        {
            ColumnBuffer[] columns = [.. key.Ordinals.Select(ordinal => Compared(batch, ordinal))];
            var table = new GroupTable(columns.Select(column => column.Type));
            var groups = new int[waiting.Length];
            table.FindOrAdd(columns, waiting.Length, groups);
            int known = 0;
            for (int i = 0; i < groups.Length; i++)
            {
                bool hasNull = columns.Any(column => column.IsNull(i));
                isFirst[i] &= groups[i] == known || hasNull;
                known = Math.Max(known, groups[i] + 1);
            }
        }

        return isFirst;
    }

    // Texts of one key may differ where a collation takes them for equal.
    private ColumnBuffer Compared(RowBatch rows, int ordinal)
    {
        DataType type = writer.Table.Schema.Columns[ordinal].Type;
        return CollateExpression
            .Key(
                new OrdinalExpression(ordinal, "key", type.WithoutCollation),
                (Collation)type.Collation)
            .Evaluate(rows, context);
    }
}
