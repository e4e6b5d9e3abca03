namespace NeuroDb.Query;

/// <summary>array_agg: the values in the order they come, NULL among them; NULL of no row.
/// </summary>
internal sealed class ArrayState(DataType type) : AggregateState
{
    private List<Value>?[] _items = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ColumnBuffer values = arguments[0];
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            (_items[groupOfRow[i]] ??= []).Add(values.GetValue(i));
        }

        Hold((24L * groupOfRow.Length) + RowSizes.About(new RowBatch([values], values.Count)));
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        if (((ArrayState)source)._items[sourceGroup] is { } added)
        {
            (_items[group] ??= []).AddRange(added);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            builder.Append(_items[group] is { } items
                ? ArrayCodec.ToValue(type.ElementType.Kind, items)
                : Value.Null);
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count) => Resize(ref _items, count);
}
