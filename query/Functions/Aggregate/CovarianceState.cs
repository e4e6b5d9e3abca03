namespace NeuroDb.Query;

/// <summary>
/// Covariance, correlation and the line of least squares of pairs (y, x), in one pass (T. F. Chan
/// et al., 1979). A pair with a NULL does not count; what has no value is NULL.
/// </summary>
internal sealed class CovarianceState(string name) : AggregateState
{
    private Sums[] _sums = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<double> ys = ((ColumnBuffer<double>)arguments[0]).Values;
        ReadOnlySpan<double> xs = ((ColumnBuffer<double>)arguments[1]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!arguments[0].IsNull(i) && !arguments[1].IsNull(i))
            {
                var pair = new Sums { Count = 1, MeanX = xs[i], MeanY = ys[i] };
                _sums[groupOfRow[i]].Add(pair);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup) =>
        _sums[group].Add(((CovarianceState)source)._sums[sourceGroup]);

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        var builder = new ColumnBuilder<double>(DataType.Double, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            double value = ValueOf(_sums[group]);
            if (double.IsFinite(value))
            {
                builder.AppendElement(value);
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count) => Resize(ref _sums, count);

    private double ValueOf(in Sums sums) => name switch
    {
        "covar_pop" => sums.XY / sums.Count,
        "covar_samp" => sums.Count > 1 ? sums.XY / (sums.Count - 1) : double.NaN,
        "corr" => sums.XY / Math.Sqrt(sums.XX * sums.YY),
        "regr_slope" => sums.XY / sums.XX,
        "regr_avgx" => sums.Count == 0 ? double.NaN : sums.MeanX,
        "regr_avgy" => sums.Count == 0 ? double.NaN : sums.MeanY,
        "regr_sxx" => sums.Count == 0 ? double.NaN : sums.XX,
        "regr_syy" => sums.Count == 0 ? double.NaN : sums.YY,
        "regr_sxy" => sums.Count == 0 ? double.NaN : sums.XY,
        "regr_intercept" => sums.MeanY - (sums.MeanX * sums.XY / sums.XX),
        _ => sums.XX == 0 ? double.NaN
            : sums.YY == 0 ? 1
            : sums.XY * sums.XY / (sums.XX * sums.YY),
    };

    /// <summary>The running sums of one group, about the means.</summary>
    private struct Sums
    {
        public long Count;
        public double MeanX;
        public double MeanY;
        public double XX;
        public double YY;
        public double XY;

        public void Add(in Sums other)
        {
            if (other.Count == 0)
            {
                return;
            }

            long total = Count + other.Count;
            double x = other.MeanX - MeanX;
            double y = other.MeanY - MeanY;
            double weight = (double)Count * other.Count / total;
            XX += other.XX + (x * x * weight);
            YY += other.YY + (y * y * weight);
            XY += other.XY + (x * y * weight);
            MeanX += x * other.Count / total;
            MeanY += y * other.Count / total;
            Count = total;
        }
    }
}
