namespace NeuroDb.Query;

/// <summary>
/// Collects the window functions of one SELECT while its items are bound, each once, by the
/// windows that they share. A call becomes the column that the window operator will give.
/// </summary>
internal sealed class WindowCollector(ColumnIdentifiers identifiers)
{
    private readonly List<Entry> _entries = [];

    /// <summary>Whether there are window functions.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The column of a function over a window.</summary>
    public ColumnExpression Collect(
        WindowCall call, IReadOnlyList<Expression> partition, IReadOnlyList<SortKey> order)
    {
        Entry? entry = _entries.Find(known => known.IsOver(partition, order));
        if (entry is null)
        {
            entry = new Entry(partition, order);
            _entries.Add(entry);
        }

        WindowColumn? column = entry.Columns.Find(known => known.Call.IsSameAs(call));
        if (column is null)
        {
            column = new WindowColumn(call, identifiers.NewColumn(call.ToString(), call.Type));
            entry.Columns.Add(column);
        }

        return new ColumnExpression(column.Column.Id, column.Column.Name, column.Column.Type);
    }

    /// <summary>Whether a column of that identifier is a window function.</summary>
    public bool Contains(int id) =>
        _entries.Exists(entry => entry.Columns.Exists(column => column.Column.Id == id));

    /// <summary>Changes all expressions, from ungrouped rows to groups.</summary>
    public void Lift(Func<Expression, Expression> lift)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            Entry entry = _entries[i];
            var lifted = new Entry(
                [.. entry.Partition.Select(lift)], SortKey.Map(entry.Order, lift));
            lifted.Columns.AddRange(entry.Columns.Select(
                column => column with { Call = column.Call.Map(lift) }));
            _entries[i] = lifted;
        }
    }

    /// <summary>The rows with the results of all functions added.</summary>
    public LogicalNode Build(LogicalNode input) => _entries.Aggregate(
        input,
        (node, entry) => new LogicalWindow(node, entry.Partition, entry.Order, entry.Columns));

    /// <summary>The functions over one window.</summary>
    private sealed class Entry(
        IReadOnlyList<Expression> partition, IReadOnlyList<SortKey> order)
    {
        public IReadOnlyList<Expression> Partition { get; } = partition;

        public IReadOnlyList<SortKey> Order { get; } = order;

        public List<WindowColumn> Columns { get; } = [];

        public bool IsOver(IReadOnlyList<Expression> parts, IReadOnlyList<SortKey> keys) =>
            parts.Count == Partition.Count
            && keys.Count == Order.Count
            && parts.Zip(Partition)
                .All(pair => ExpressionEquality.AreEqual(pair.First, pair.Second))
            && keys.Zip(Order).All(pair =>
                pair.First.IsDescending == pair.Second.IsDescending
                && pair.First.NullsFirst == pair.Second.NullsFirst
                && ExpressionEquality.AreEqual(pair.First.Expression, pair.Second.Expression));
    }
}
