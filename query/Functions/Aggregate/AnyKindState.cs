namespace NeuroDb.Query;

/// <summary>
/// min, max and any_value of values of any kind: keeps one value for each group, NULL of
/// nothing.
/// </summary>
internal sealed class AnyKindState(DataType type, Func<int, bool> replaces) : AggregateState
{
    private Value[] _values = [];

    /// <summary>A state that keeps the largest or smallest value.</summary>
    public static AnyKindState Extreme(DataType type, bool isMax) =>
        new(type, order => isMax ? order > 0 : order < 0);

    /// <summary>A state that keeps the first value that is not NULL.</summary>
    public static AnyKindState First(DataType type) => new(type, static _ => false);

    /// <summary>A state that keeps the last value that is not NULL.</summary>
    public static AnyKindState Last(DataType type) => new(type, static _ => true);

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ColumnBuffer column = arguments[0];
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!column.IsNull(i))
            {
                Take(groupOfRow[i], column.GetValue(i));
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        Value value = ((AnyKindState)source)._values[sourceGroup];
        if (!value.IsNull)
        {
            Take(group, value);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            builder.Append(_values[group]);
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count) => Resize(ref _values, count);

    private void Take(int group, Value value)
    {
        ref Value kept = ref _values[group];
        if (kept.IsNull || replaces(ValueOrder.Compare(type.Physical, value, kept)))
        {
            kept = value;
        }
    }
}
