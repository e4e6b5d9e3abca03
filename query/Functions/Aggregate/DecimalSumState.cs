using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Exact sums and averages of decimals. Rows of one scale are summed as 64-bit integers, beside the
/// decimals, as long as no sum of them can overflow.
/// </summary>
internal sealed class DecimalSumState(SumResult result, SourcePosition position)
    : AggregateState
{
    // So few groups are summed one after the other, several rows at once.
    private const int FewGroupCountMax = 8;

    // Empty as long as all rows are in the digits.
    private decimal[] _sums = [];
    private long[] _counts = [];
    private long[] _digits = [];
    private long[] _settledCounts = [];
    private long _bound;
    private int _scale = -1;
    private bool _hasSettled;

    /// <summary>Whether the sum of so many rows given as integers cannot overflow.</summary>
    public static bool CanTake(in ScaledValues values, int rowCount) =>
        ((Int128)values.Bound * rowCount) >> 62 == 0;

    /// <summary>Takes rows that are given as integers of one scale, each into its group.</summary>
    public void UpdateScaled(
        in ScaledValues values, ReadOnlySpan<int> groupOfRow, ScaledMemo memo)
    {
        ReadOnlySpan<byte> nulls = Begin(values, groupOfRow.Length);
        ReadOnlySpan<long> digits = values.Span;
        if (GroupCount <= FewGroupCountMax && nulls.IsEmpty
            && digits.Length == groupOfRow.Length)
        {
            AddFew(digits, groupOfRow, memo);
            return;
        }

        long[] sums = _digits;
        long[] counts = _counts;
        if (digits.Length == groupOfRow.Length && nulls.IsEmpty)
        {
            for (int i = 0; i < digits.Length; i++)
            {
                int group = groupOfRow[i];
                sums[group] += digits[i];
                counts[group]++;
            }

            return;
        }

        int mask = digits.Length == 1 ? 0 : -1;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (nulls.IsEmpty || nulls[i] == 0)
            {
                sums[groupOfRow[i]] += digits[i & mask];
                counts[groupOfRow[i]]++;
            }
        }
    }

    /// <summary>Takes rows that are given as integers of one scale into group 0.</summary>
    public void UpdateAllScaled(in ScaledValues values, int rowCount)
    {
        ReadOnlySpan<byte> nulls = Begin(values, rowCount);
        int count = rowCount;
        foreach (byte isNull in nulls)
        {
            count -= isNull;
        }

        _counts[0] += count;
        _digits[0] += values.Count == 1 && rowCount > 1
            ? values.Digits[0] * count
            : SumOf(values.Span[..rowCount]);
    }

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        Settle();
        UseSums();
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
        other.Settle();
        other.UseSums();
        UseSums();
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
    public override void MergeAll(AggregateState source, ReadOnlySpan<int> groups)
    {
        var other = (DecimalSumState)source;
        Int128 bound = (Int128)_bound + other._bound;
        if (other._scale < 0 || other._hasSettled || (_scale >= 0 && _scale != other._scale)
            || bound >> 62 != 0)
        {
            base.MergeAll(source, groups);
            return;
        }

        _scale = other._scale;
        _bound = (long)bound;
        for (int i = 0; i < groups.Length; i++)
        {
            _digits[groups[i]] += other._digits[i];
            _counts[groups[i]] += other._counts[i];
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish() => Finish(0, GroupCount);

    /// <inheritdoc/>
    public override ColumnBuffer Finish(int start, int count)
    {
        decimal[] sums = SumsOf(start, count);
        if (result == SumResult.Total)
        {
            return SumFinish.Doubles(
                result, _counts, start, count, group => (double)sums[group - start]);
        }

        return SumFinish.Elements(DataType.Decimal, _counts, start, count, group =>
            result == SumResult.Average
                ? sums[group - start] / _counts[group]
                : sums[group - start]);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        Release(ref _sums);
        Release(ref _counts);
        Release(ref _digits);
        Release(ref _settledCounts);
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _counts, count);
        Resize(ref _digits, count);
        if (_hasSettled)
        {
            Resize(ref _sums, count);
        }
    }

    private void UseSums()
    {
        _hasSettled = true;
        Resize(ref _sums, GroupCount);
    }

    private decimal[] SumsOf(int start, int count)
    {
        var sums = new decimal[count];
        if (!_hasSettled && _scale >= 0)
        {
            DecimalBits.Write(_digits.AsSpan(start, count), _scale, sums);
            return sums;
        }

        Settle();
        UseSums();
        _sums.AsSpan(start, count).CopyTo(sums);
        return sums;
    }

    private void AddFew(
        ReadOnlySpan<long> digits, ReadOnlySpan<int> groupOfRow, ScaledMemo memo)
    {
        memo.Groups(
            groupOfRow, GroupCount, out ReadOnlySpan<long> wide, out ReadOnlySpan<int> counts);
        for (int group = 0; group < GroupCount; group++)
        {
            if (counts[group] > 0)
            {
                _counts[group] += counts[group];
                _digits[group] += SumOf(digits, wide, group);
            }
        }
    }

    private static long SumOf(
        ReadOnlySpan<long> digits, ReadOnlySpan<long> groupOfRow, int group)
    {
        var wanted = new Vector<long>(group);
        Vector<long> sums = Vector<long>.Zero;
        int i = 0;
        for (; i <= digits.Length - Vector<long>.Count; i += Vector<long>.Count)
        {
            Vector<long> isWanted = Vector.Equals(new Vector<long>(groupOfRow[i..]), wanted);
            sums += new Vector<long>(digits[i..]) & isWanted;
        }

        long sum = Vector.Sum(sums);
        for (; i < digits.Length; i++)
        {
            sum += groupOfRow[i] == group ? digits[i] : 0;
        }

        return sum;
    }

    private static long SumOf(ReadOnlySpan<long> digits)
    {
        Vector<long> sums = Vector<long>.Zero;
        int i = 0;
        for (; i <= digits.Length - Vector<long>.Count; i += Vector<long>.Count)
        {
            sums += new Vector<long>(digits[i..]);
        }

        long sum = Vector.Sum(sums);
        for (; i < digits.Length; i++)
        {
            sum += digits[i];
        }

        return sum;
    }

    private ReadOnlySpan<byte> Begin(in ScaledValues values, int rowCount)
    {
        Int128 bound = _bound + ((Int128)values.Bound * rowCount);
        if (values.Scale != _scale || bound >> 62 != 0)
        {
            Settle();
            _scale = values.Scale;
            bound = (Int128)values.Bound * rowCount;
        }

        Invariant.Check(bound >> 63 == 0);
        _bound = (long)bound;
        return values.Nulls.Bytes(rowCount);
    }

    // A group that has seen no row since keeps the scale of what it has seen.
    private void Settle()
    {
        if (_scale < 0)
        {
            return;
        }

        UseSums();
        Resize(ref _settledCounts, GroupCount);
        var one = new decimal[1];
        try
        {
            for (int group = 0; group < GroupCount; group++)
            {
                if (_counts[group] > _settledCounts[group])
                {
                    DecimalBits.Write(_digits.AsSpan(group, 1), _scale, one);
                    _sums[group] += one[0];
                }
            }
        }
        catch (OverflowException)
        {
            throw TooLarge();
        }

        Array.Clear(_digits);
        _counts.AsSpan(0, GroupCount).CopyTo(_settledCounts);
        _scale = -1;
        _bound = 0;
    }

    private NeuroStoreException TooLarge() => new(
        ErrorCode.NumericOutOfRange,
        "The sum does not fit DECIMAL; sum CAST(... AS DOUBLE PRECISION) instead.",
        position);
}
