namespace NeuroDb;

/// <summary>
/// A <see cref="ColumnBuilder"/> of one physical type; fast paths append it directly.
/// </summary>
internal sealed class ColumnBuilder<T>(DataType type, int capacity) : ColumnBuilder(type)
{
    private T[] _values = new T[Math.Max(capacity, 1)];
    private byte[]? _nulls;

    /// <summary>Appends an element that is not NULL.</summary>
    public void AppendElement(T element)
    {
        Reserve(1);
        _values[Count++] = element;
    }

    /// <inheritdoc/>
    public override void Append(Value value)
    {
        if (value.IsNull)
        {
            AppendNull();
        }
        else
        {
            AppendElement(PhysicalValue.To<T>(value));
        }
    }

    /// <inheritdoc/>
    public override void AppendNull()
    {
        Reserve(1);
        _nulls ??= new byte[_values.Length];
        _nulls[Count++] = 1;
    }

    /// <inheritdoc/>
    public override void AppendRows(ColumnBuffer source, int start, int count)
    {
        Reserve(count);
        ((ColumnBuffer<T>)source).Values.Slice(start, count).CopyTo(_values.AsSpan(Count));
        ReadOnlySpan<byte> nulls = source.Nulls.Bytes(source.Count);
        if (!nulls.IsEmpty)
        {
            _nulls ??= new byte[_values.Length];
            nulls.Slice(start, count).CopyTo(_nulls.AsSpan(Count));
        }

        Count += count;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Build() =>
        new ColumnBuffer<T>(Type, _values, 0, Count, new NullMask(_nulls));

    private void Reserve(int count)
    {
        if (Count + count <= _values.Length)
        {
            return;
        }

        int capacity = Math.Max(_values.Length * 2, Count + count);
        Array.Resize(ref _values, capacity);
        if (_nulls is not null)
        {
            Array.Resize(ref _nulls, capacity);
        }
    }
}
