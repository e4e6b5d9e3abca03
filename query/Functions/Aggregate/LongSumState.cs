using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Sums of integers in 128 bits, so that only a final sum that does not fit BIGINT is an error,
/// whatever the order of the rows.
/// </summary>
internal sealed class LongSumState(SumResult result, SourcePosition position) : AggregateState
{
    private Int128[] _sums = [];
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<long> values = ((ColumnBuffer<long>)arguments[0]).Values;
        ReadOnlySpan<byte> nulls = arguments[0].Nulls.Bytes(values.Length);
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (nulls.IsEmpty || nulls[i] == 0)
            {
                _sums[groupOfRow[i]] += values[i];
                _counts[groupOfRow[i]]++;
            }
        }
    }

    /// <inheritdoc/>
    public override void UpdateAll(ColumnBuffer[] arguments, int rowCount)
    {
        ReadOnlySpan<long> values = ((ColumnBuffer<long>)arguments[0]).Values;
        ReadOnlySpan<byte> nulls = arguments[0].Nulls.Bytes(rowCount);
        long count = rowCount;
        if (nulls.IsEmpty)
        {
            _sums[0] += SumOf(values);
        }
        else
        {
            long low = 0;
            long high = 0;
            for (int i = 0; i < values.Length; i++)
            {
                long value = nulls[i] == 0 ? values[i] : 0;
                low += value & 0xFFFFFFFF;
                high += value >> 32;
                count -= nulls[i];
            }

            _sums[0] += ((Int128)high << 32) + low;
        }

        _counts[0] += count;
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (LongSumState)source;
        _sums[group] += other._sums[sourceGroup];
        _counts[group] += other._counts[sourceGroup];
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish() => Finish(0, GroupCount);

    /// <inheritdoc/>
    public override ColumnBuffer Finish(int start, int count) => result == SumResult.Sum
        ? FinishSum(start, count)
        : SumFinish.Doubles(result, _counts, start, count, group => (double)_sums[group]);

    /// <inheritdoc/>
    public override void Release()
    {
        Release(ref _sums);
        Release(ref _counts);
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _sums, count);
        Resize(ref _counts, count);
    }

    // Halves of 32 bits do not overflow sums of 64 bits, of no batch there is.
    private static Int128 SumOf(ReadOnlySpan<long> values)
    {
        long low = 0;
        long high = 0;
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int width = Vector<long>.Count;
            var mask = new Vector<long>(0xFFFFFFFF);
            Vector<long> lows = Vector<long>.Zero;
            Vector<long> highs = Vector<long>.Zero;
            Vector<long> otherLows = Vector<long>.Zero;
            Vector<long> otherHighs = Vector<long>.Zero;
            for (; i + (2 * width) <= values.Length; i += 2 * width)
            {
                var first = new Vector<long>(values[i..]);
                var second = new Vector<long>(values[(i + width)..]);
                lows += first & mask;
                highs += Vector.ShiftRightArithmetic(first, 32);
                otherLows += second & mask;
                otherHighs += Vector.ShiftRightArithmetic(second, 32);
            }

            low = Vector.Sum(lows + otherLows);
            high = Vector.Sum(highs + otherHighs);
        }

        for (; i < values.Length; i++)
        {
            low += values[i] & 0xFFFFFFFF;
            high += values[i] >> 32;
        }

        return ((Int128)high << 32) + low;
    }

    private ColumnBuffer FinishSum(int start, int count)
    {
        var builder = new ColumnBuilder<long>(DataType.BigInt, count);
        for (int group = start; group < start + count; group++)
        {
            if (_counts[group] == 0)
            {
                builder.AppendNull();
                continue;
            }

            Int128 sum = _sums[group];
            builder.AppendElement(
                sum >= long.MinValue && sum <= long.MaxValue
                    ? (long)sum
                    : throw new NeuroStoreException(
                        ErrorCode.NumericOutOfRange,
                        $"sum: {sum} does not fit BIGINT; sum CAST(... AS DECIMAL) instead.",
                        position));
        }

        return builder.Build();
    }
}
