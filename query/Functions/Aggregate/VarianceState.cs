namespace NeuroDb.Query;

/// <summary>
/// Variance and standard deviation in one pass (B. P. Welford, Technometrics 4, 1962). The sample
/// forms are NULL below two values, the population forms of nothing.
/// </summary>
internal sealed class VarianceState(bool isSample, bool isRoot) : AggregateState
{
    private double[] _means = [];
    private double[] _squares = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<double> values = ((ColumnBuffer<double>)arguments[0]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!arguments[0].IsNull(i))
            {
                int group = groupOfRow[i];
                double difference = values[i] - _means[group];
                _means[group] += difference / ++_counts[group];
                _squares[group] += difference * (values[i] - _means[group]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        // T. F. Chan, G. H. Golub and R. J. LeVeque, 1979: the sums of two samples in one.
        var other = (VarianceState)source;
        long count = other._counts[sourceGroup];
        if (count == 0)
        {
            return;
        }

        long total = _counts[group] + count;
        double difference = other._means[sourceGroup] - _means[group];
        _squares[group] += other._squares[sourceGroup]
            + (difference * difference * _counts[group] * count / total);
        _means[group] += difference * count / total;
        _counts[group] = total;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        var builder = new ColumnBuilder<double>(DataType.Double, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            long divisor = isSample ? _counts[group] - 1 : _counts[group];
            double variance = divisor > 0 ? _squares[group] / divisor : double.NaN;
            if (double.IsNaN(variance))
            {
                builder.AppendNull();
            }
            else
            {
                builder.AppendElement(isRoot ? Math.Sqrt(variance) : variance);
            }
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _means, count);
        Resize(ref _squares, count);
        Resize(ref _counts, count);
    }
}
