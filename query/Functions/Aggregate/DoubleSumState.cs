namespace NeuroDb.Query;

/// <summary>
/// Sums of doubles with Neumaier's correction (A. Neumaier, 1974, improved Kahan-Babuska
/// summation): the error does not grow with the number of rows.
/// </summary>
internal sealed class DoubleSumState(SumResult result) : AggregateState
{
    private double[] _sums = [];
    private double[] _corrections = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<double> values = ((ColumnBuffer<double>)arguments[0]).Values;
        ReadOnlySpan<byte> nulls = arguments[0].Nulls.Bytes(values.Length);
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (nulls.IsEmpty || nulls[i] == 0)
            {
                int group = groupOfRow[i];
                Add(ref _sums[group], ref _corrections[group], values[i]);
                _counts[group]++;
            }
        }
    }

    /// <inheritdoc/>
    public override void UpdateAll(ColumnBuffer[] arguments, int rowCount)
    {
        ReadOnlySpan<double> values = ((ColumnBuffer<double>)arguments[0]).Values;
        ReadOnlySpan<byte> nulls = arguments[0].Nulls.Bytes(rowCount);
        double sum = _sums[0];
        double correction = _corrections[0];
        for (int i = 0; i < values.Length; i++)
        {
            if (nulls.IsEmpty || nulls[i] == 0)
            {
                Add(ref sum, ref correction, values[i]);
                _counts[0]++;
            }
        }

        _sums[0] = sum;
        _corrections[0] = correction;
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (DoubleSumState)source;
        if (other._counts[sourceGroup] > 0)
        {
            Add(ref _sums[group], ref _corrections[group], other._sums[sourceGroup]);
            _corrections[group] += other._corrections[sourceGroup];
            _counts[group] += other._counts[sourceGroup];
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish() => Finish(0, GroupCount);

    /// <inheritdoc/>
    public override ColumnBuffer Finish(int start, int count) =>
        SumFinish.Doubles(result, _counts, start, count, SumOf);

    /// <inheritdoc/>
    public override void Release()
    {
        Release(ref _sums);
        Release(ref _corrections);
        Release(ref _counts);
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _sums, count);
        Resize(ref _corrections, count);
        Resize(ref _counts, count);
    }

    private static void Add(ref double sum, ref double correction, double value)
    {
        double next = sum + value;
        correction += Math.Abs(sum) >= Math.Abs(value)
            ? (sum - next) + value
            : (value - next) + sum;
        sum = next;
    }

    private double SumOf(int group) => double.IsFinite(_sums[group])
        ? _sums[group] + _corrections[group]
        : _sums[group];
}
