namespace NeuroDb.Query;

/// <summary>bit_and, bit_or and bit_xor of integers; NULL of nothing.</summary>
internal sealed class BitState(Func<long, long, long> combine) : AggregateState
{
    private long[] _values = [];
    private bool[] _hasValue = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<long> values = ((ColumnBuffer<long>)arguments[0]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!arguments[0].IsNull(i))
            {
                Take(groupOfRow[i], values[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (BitState)source;
        if (other._hasValue[sourceGroup])
        {
            Take(group, other._values[sourceGroup]);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        var builder = new ColumnBuilder<long>(DataType.BigInt, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            if (_hasValue[group])
            {
                builder.AppendElement(_values[group]);
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _values, count);
        Resize(ref _hasValue, count);
    }

    private void Take(int group, long value)
    {
        _values[group] = _hasValue[group] ? combine(_values[group], value) : value;
        _hasValue[group] = true;
    }
}
