namespace NeuroDb.Query;

/// <summary>
/// The base of aggregates that need all rows of a group, in an order: keeps the arguments of all
/// rows and sorts them at the end, all groups at once. The last columns are the keys of the order.
/// </summary>
internal abstract class CollectingState(
    IReadOnlyList<DataType> types, IReadOnlyList<SortKey> order) : AggregateState
{
    private readonly ColumnBuilder[] _columns =
        [.. types.Select(type => ColumnBuilder.Create(type))];

    private readonly List<int> _groups = [];

    /// <summary>How many columns are no keys of the order.</summary>
    protected int ArgumentCount => types.Count - order.Count;

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        Invariant.Check(arguments.Length == _columns.Length);
        for (int i = 0; i < arguments.Length; i++)
        {
            _columns[i].AppendRows(arguments[i], 0, groupOfRow.Length);
        }

        _groups.AddRange(groupOfRow);
        Hold(sizeof(int) + RowSizes.About(new RowBatch(arguments, groupOfRow.Length)));
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup) =>
        throw Invariant.Broken("an aggregate of sorted rows has one state");

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        ColumnBuffer[] columns = [.. _columns.Select(column => column.Build())];
        ColumnBuffer[] keys = columns[ArgumentCount..];
        var comparer = new RowOrder(order);
        int[] rows = [.. Enumerable.Range(0, _groups.Count)];
        CheckedSort.Sort(
            rows,
            (left, right) =>
            {
                int sign = _groups[left].CompareTo(_groups[right]);
                return sign != 0 ? sign : comparer.Compare(keys, left, keys, right);
            },
            () => Execution?.ThrowIfCancelled());
        int[] groups = [.. rows.Select(row => _groups[row])];
        return Finish([.. columns.Select(column => column.Gather(rows))], groups);
    }

    /// <summary>The results of the rows, sorted by group and order.</summary>
    protected abstract ColumnBuffer Finish(ColumnBuffer[] columns, int[] groups);

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
    }
}
