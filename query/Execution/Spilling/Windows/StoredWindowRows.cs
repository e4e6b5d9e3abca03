namespace NeuroDb.Query;

/// <summary>
/// All rows of a window operator that do not fit its memory, on disk, sorted by partition and
/// order, and where the partition and the group of equal rows of each row begin and end: a
/// <see cref="WindowRows"/> of which only some blocks and two bits a row are in memory.
/// </summary>
internal sealed class StoredWindowRows : IDisposable
{
    private readonly ExecutionContext _context;
    private readonly RowOrder _partition;
    private readonly RowOrder _order;
    private readonly RankedBits _partitions = new();
    private ColumnBuffer[] _lastPartition = [];
    private ColumnBuffer[] _lastOrder = [];

    /// <summary>Takes rows in the order of partitions and the window.</summary>
    public StoredWindowRows(
        Window plan, Func<RowBatch?> next, SpillFile file, ExecutionContext context)
    {
        _context = context;
        _partition = new RowOrder(PartitionKeys(plan));
        _order = plan.Order;
        Stored = new StoredRows(file);
        var pending = new RowStore(plan.Input.Output.Select(static column => column.Type));
        while (next() is { } batch)
        {
            context.ThrowIfCancelled();
            pending.Add(batch);
            while (pending.Count >= Limits.BatchRowCount)
            {
                RowBatch rows = pending.Build();
                pending = new RowStore(rows.Columns.Select(static column => column.Type));
                Add(rows.Slice(0, Limits.BatchRowCount));
                if (rows.Count > Limits.BatchRowCount)
                {
                    pending.Add(rows.Slice(
                        Limits.BatchRowCount, rows.Count - Limits.BatchRowCount));
                }
            }
        }

        if (pending.Count > 0)
        {
            Add(pending.Build());
        }
    }

    /// <summary>The rows.</summary>
    public StoredRows Stored { get; }

    /// <summary>How many rows.</summary>
    public long Count => Stored.Count;

    /// <summary>The first rows of partitions.</summary>
    public RankedBits Partitions => _partitions;

    /// <summary>The first rows of groups of equal rows.</summary>
    public RankedBits Peers { get; } = new();

    /// <summary>What parts the rows, as keys of a sort.</summary>
    public static IReadOnlyList<SortKey> PartitionKeys(Window plan) =>
        [.. plan.Partition.Select(static key => new SortKey(key, false, true))];

    /// <summary>The first row of the partition of a row.</summary>
    public long PartitionStart(long row) => Partitions.Last(row);

    /// <summary>The row after the last of the partition of a row.</summary>
    public long PartitionEnd(long row) => Partitions.Next(row);

    /// <summary>The first row that equals a row in the order.</summary>
    public long PeerStart(long row) => Peers.Last(row);

    /// <summary>The row after the last that equals a row in the order.</summary>
    public long PeerEnd(long row) => Peers.Next(row);

    /// <inheritdoc/>
    public void Dispose() => Stored.Dispose();

    private void Add(RowBatch rows)
    {
        ColumnBuffer[] partition = _partition.Evaluate(rows, _context);
        ColumnBuffer[] order = _order.Evaluate(rows, _context);
        for (int row = 0; row < rows.Count; row++)
        {
            ColumnBuffer[] partitionBefore = row == 0 ? _lastPartition : partition;
            ColumnBuffer[] orderBefore = row == 0 ? _lastOrder : order;
            int before = row == 0 ? 0 : row - 1;
            bool isNewPartition = Count + row == 0
                || _partition.Compare(partition, row, partitionBefore, before) != 0;
            Partitions.Add(isNewPartition);
            Peers.Add(isNewPartition || _order.Compare(order, row, orderBefore, before) != 0);
        }

        _lastPartition = [.. partition.Select(column => column.Slice(rows.Count - 1, 1))];
        _lastOrder = [.. order.Select(column => column.Slice(rows.Count - 1, 1))];
        Stored.Add(rows);
    }
}
