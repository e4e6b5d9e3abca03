namespace NeuroDb.Query;

/// <summary>Exact sums and averages of decimals.</summary>
internal sealed class DecimalSumState(SumResult result, SourcePosition position)
    : AggregateState
{
    private decimal[] _sums = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<decimal> values = ((ColumnBuffer<decimal>)arguments[0]).Values;
        ReadOnlySpan<byte> nulls = arguments[0].Nulls.Bytes(values.Length);
        try
        {
            for (int i = 0; i < groupOfRow.Length; i++)
            {
                if (nulls.IsEmpty || nulls[i] == 0)
                {
                    _sums[groupOfRow[i]] += values[i];
                    _counts[groupOfRow[i]]++;
                }
            }
        }
        catch (OverflowException)
        {
            throw TooLarge();
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (DecimalSumState)source;
        try
        {
            _sums[group] += other._sums[sourceGroup];
            _counts[group] += other._counts[sourceGroup];
        }
        catch (OverflowException)
        {
            throw TooLarge();
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        if (result == SumResult.Total)
        {
            return SumFinish.Doubles(result, _counts, GroupCount, group => (double)_sums[group]);
        }

        var builder = new ColumnBuilder<decimal>(DataType.Decimal, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            if (_counts[group] == 0)
            {
                builder.AppendNull();
            }
            else
            {
                builder.AppendElement(result == SumResult.Average
                    ? _sums[group] / _counts[group]
                    : _sums[group]);
            }
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _sums, count);
        Resize(ref _counts, count);
    }

    private NeuroStoreException TooLarge() => new(
        ErrorCode.NumericOutOfRange,
        "The sum does not fit DECIMAL; sum CAST(... AS DOUBLE PRECISION) instead.",
        position);
}
