namespace NeuroDb.Query;

/// <summary>Sums and averages of vectors, element by element in double precision.</summary>
internal sealed class VectorSumState(DataType type, SumResult result, SourcePosition position)
    : AggregateState
{
    private double[]?[] _sums = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<ReadOnlyMemory<float>> vectors =
            ((ColumnBuffer<ReadOnlyMemory<float>>)arguments[0]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (arguments[0].IsNull(i))
            {
                continue;
            }

            ReadOnlySpan<float> vector = vectors[i].Span;
            double[] sum = SumOf(groupOfRow[i], vector.Length);
            VectorText.CheckDimension(vector.Length, sum.Length, position);
            for (int j = 0; j < sum.Length; j++)
            {
                sum[j] += vector[j];
            }

            _counts[groupOfRow[i]]++;
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (VectorSumState)source;
        if (other._sums[sourceGroup] is not double[] added)
        {
            return;
        }

        double[] sum = SumOf(group, added.Length);
        VectorText.CheckDimension(added.Length, sum.Length, position);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += added[i];
        }

        _counts[group] += other._counts[sourceGroup];
    }

    private double[] SumOf(int group, int length)
    {
        if (_sums[group] is null)
        {
            _sums[group] = new double[length];
            Hold(sizeof(double) * (long)length);
        }

        return _sums[group]!;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            if (_sums[group] is not double[] sum)
            {
                builder.AppendNull();
                continue;
            }

            double divisor = result == SumResult.Average ? _counts[group] : 1;
            var vector = new float[sum.Length];
            for (int j = 0; j < vector.Length; j++)
            {
                vector[j] = VectorFunctions.Finite(sum[j] / divisor);
            }

            builder.Append(VectorConverter.OfNumbers(
                vector, type.Kind, CastKind.Explicit, position));
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _sums, count);
        Resize(ref _counts, count);
    }
}
