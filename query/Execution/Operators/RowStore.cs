namespace NeuroDb.Query;

/// <summary>
/// Collects batches into one long batch, for operators that need all rows at once.
/// </summary>
internal sealed class RowStore
{
    private readonly ColumnBuilder[] _builders;
    private RowBatch? _only;

    /// <summary>Makes an empty store for columns of these types.</summary>
    public RowStore(IEnumerable<DataType> types)
    {
        _builders = [.. types.Select(type => ColumnBuilder.Create(type))];
    }

    /// <summary>How many rows were added.</summary>
    public int Count { get; private set; }

    /// <summary>All rows that a plan gives.</summary>
    public static RowBatch Materialize(PlanNode plan, ExecutionContext context)
    {
        var store = new RowStore(plan.Output.Select(column => column.Type));
        using BatchCursor cursor = plan.Open(context);
        while (cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            store.Add(batch);
        }

        return store.Build();
    }

    /// <summary>Adds the rows of a batch.</summary>
    public void Add(RowBatch batch)
    {
        Invariant.Check(batch.Columns.Length == _builders.Length);
        if (Count == 0)
        {
            _only = batch;
            Count = batch.Count;
            return;
        }

        if (_only is not null)
        {
            Append(_only);
            _only = null;
        }

        Append(batch);
        Count += batch.Count;
    }

    /// <summary>All rows; nothing may be added afterwards.</summary>
    public RowBatch Build()
    {
        if (_only is not null)
        {
            return _only;
        }

        var columns = new ColumnBuffer[_builders.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = _builders[i].Build();
        }

        return new RowBatch(columns, Count);
    }

    private void Append(RowBatch batch)
    {
        for (int i = 0; i < _builders.Length; i++)
        {
            _builders[i].AppendRows(batch.Columns[i], 0, batch.Count);
        }
    }
}
