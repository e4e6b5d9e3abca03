namespace NeuroDb.Query;

/// <summary>Sums and averages of intervals, field by field.</summary>
internal sealed class IntervalSumState(SumResult result) : AggregateState
{
    private TimeInterval[] _sums = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<TimeInterval> values = ((ColumnBuffer<TimeInterval>)arguments[0]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!arguments[0].IsNull(i))
            {
                _sums[groupOfRow[i]] += values[i];
                _counts[groupOfRow[i]]++;
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (IntervalSumState)source;
        _sums[group] += other._sums[sourceGroup];
        _counts[group] += other._counts[sourceGroup];
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        return SumFinish.Elements(DataType.Interval, _counts, 0, GroupCount, group =>
            result == SumResult.Average ? _sums[group] / _counts[group] : _sums[group]);
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _sums, count);
        Resize(ref _counts, count);
    }
}
