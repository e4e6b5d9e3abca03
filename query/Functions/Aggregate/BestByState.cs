namespace NeuroDb.Query;

/// <summary>
/// min_by and max_by: the first argument of the row whose second is least or greatest; rows
/// without one of them do not count, as in DuckDB.
/// </summary>
internal sealed class BestByState(DataType type, PhysicalKind keyKind, bool isMax)
    : AggregateState
{
    private Value[] _values = [];
    private Value[] _keys = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!arguments[1].IsNull(i) && !arguments[0].IsNull(i))
            {
                Take(groupOfRow[i], arguments[0].GetValue(i), arguments[1].GetValue(i));
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (BestByState)source;
        if (!other._keys[sourceGroup].IsNull)
        {
            Take(group, other._values[sourceGroup], other._keys[sourceGroup]);
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
    protected override void Grow(int count)
    {
        Resize(ref _values, count);
        Resize(ref _keys, count);
    }

    private void Take(int group, Value value, Value key)
    {
        int order = _keys[group].IsNull
            ? 0
            : ValueOrder.Compare(keyKind, key, _keys[group]);
        if (_keys[group].IsNull || (isMax ? order > 0 : order < 0))
        {
            _values[group] = value;
            _keys[group] = key;
        }
    }
}
