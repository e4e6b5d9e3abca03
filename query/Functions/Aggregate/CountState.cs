namespace NeuroDb.Query;

/// <summary>count(*) without arguments, count(x) of values that are not NULL with one.</summary>
internal sealed class CountState : AggregateState
{
    private long[] _counts = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<byte> nulls = arguments.Length == 0
            ? default
            : arguments[0].Nulls.Bytes(groupOfRow.Length);
        if (nulls.IsEmpty)
        {
            foreach (int group in groupOfRow)
            {
                _counts[group]++;
            }

            return;
        }

        for (int i = 0; i < groupOfRow.Length; i++)
        {
            _counts[groupOfRow[i]] += 1 - nulls[i];
        }
    }

    /// <inheritdoc/>
    public override void UpdateAll(ColumnBuffer[] arguments, int rowCount)
    {
        _counts[0] += rowCount;
        if (arguments.Length > 0)
        {
            foreach (byte isNull in arguments[0].Nulls.Bytes(rowCount))
            {
                _counts[0] -= isNull;
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup) =>
        _counts[group] += ((CountState)source)._counts[sourceGroup];

    /// <inheritdoc/>
    public override ColumnBuffer Finish() =>
        new ColumnBuffer<long>(DataType.BigInt, _counts, 0, GroupCount, NullMask.None);

    /// <inheritdoc/>
    public override ColumnBuffer Finish(int start, int count) => new ColumnBuffer<long>(
        DataType.BigInt, _counts.AsSpan(start, count).ToArray());

    /// <inheritdoc/>
    public override void Release() => Release(ref _counts);

    /// <inheritdoc/>
    protected override void Grow(int count) => Resize(ref _counts, count);
}
