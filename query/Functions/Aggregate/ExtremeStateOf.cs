using System.Numerics;

namespace NeuroDb.Query;

/// <summary>min and max of numbers; NULL of nothing.</summary>
internal sealed class ExtremeState<T>(DataType type, bool isMax) : AggregateState
    where T : unmanaged, INumber<T>
{
    private T[] _values = [];
    private byte[] _isEmpty = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<T> values = ((ColumnBuffer<T>)arguments[0]).Values;
        ReadOnlySpan<byte> nulls = arguments[0].Nulls.Bytes(values.Length);
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (nulls.IsEmpty || nulls[i] == 0)
            {
                Take(groupOfRow[i], values[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (ExtremeState<T>)source;
        if (other._isEmpty[sourceGroup] == 0)
        {
            Take(group, other._values[sourceGroup]);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish() =>
        new ColumnBuffer<T>(type, _values, 0, GroupCount, new NullMask(_isEmpty));

    /// <inheritdoc/>
    public override ColumnBuffer Finish(int start, int count) => new ColumnBuffer<T>(
        type,
        _values.AsSpan(start, count).ToArray(),
        0,
        count,
        new NullMask(_isEmpty.AsSpan(start, count).ToArray()));

    /// <inheritdoc/>
    public override void Release()
    {
        Release(ref _values);
        Release(ref _isEmpty);
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _values, count);
        Resize(ref _isEmpty, count);
        _isEmpty.AsSpan(GroupCount).Fill(1);
    }

    private void Take(int group, T value)
    {
        if (_isEmpty[group] != 0 || (isMax
            ? NumberOrder.IsLess(_values[group], value)
            : NumberOrder.IsLess(value, _values[group])))
        {
            _values[group] = value;
            _isEmpty[group] = 0;
        }
    }
}
