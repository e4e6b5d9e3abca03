namespace NeuroDb;

/// <summary>
/// A <see cref="ColumnBuilder"/> of one physical type; fast paths append it directly. Large values
/// stay references, unless a value of a user has the form of one: then all are read.
/// </summary>
internal sealed class ColumnBuilder<T>(
    DataType type, int capacity, LargeArrays? arrays = null) : ColumnBuilder(type)
{
    private readonly LargeArrays _arrays = arrays ?? LargeArrays.None;
    private T[] _values = (arrays ?? LargeArrays.None).Rent<T>(
        Math.Max(capacity, 1), isCleared: arrays is null);
    private byte[]? _nulls;
    private ILargeValues? _large;
    private bool _isAllRead;

    /// <summary>Appends an element that is not NULL.</summary>
    public void AppendElement(T element)
    {
        if (_large is not null && LargeElement.IsForm(element))
        {
            ReadAll();
        }

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
        else if (value.Large is { } large && TryKeep(large.Source))
        {
            Reserve(1);
            _values[Count++] = LargeElement.Of<T>(large.Reference);
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
        var from = (ColumnBuffer<T>)source;
        if (from.LargeSource is null && _large is null)
        {
            Reserve(count);
            from.CopyStored(start, count, _values.AsSpan(Count));
            AppendNulls(source, start, count);
            return;
        }

        ReadOnlySpan<T> values = from.Stored;
        if (from.LargeSource is { } large)
        {
            values = TryKeep(large) ? values : from.Values;
        }
        else if (_large is not null && LargeElement.HasForm(values.Slice(start, count)))
        {
            ReadAll();
        }

        Reserve(count);
        values.Slice(start, count).CopyTo(_values.AsSpan(Count));
        AppendNulls(source, start, count);
    }

    /// <inheritdoc/>
    public override ColumnBuffer Build() =>
        new ColumnBuffer<T>(
            Type, _values, 0, Count, new NullMask(_nulls), _large, _arrays);

    private void AppendNulls(ColumnBuffer source, int start, int count)
    {
        ReadOnlySpan<byte> nulls = source.Nulls.Bytes(source.Count);
        if (!nulls.IsEmpty)
        {
            _nulls ??= new byte[_values.Length];
            nulls.Slice(start, count).CopyTo(_nulls.AsSpan(Count));
        }

        Count += count;
    }

    // False where references would be mixed with values that only look like some.
    private bool TryKeep(ILargeValues source)
    {
        if (_isAllRead || (_large is not null && !ReferenceEquals(_large, source)))
        {
            return false;
        }

        if (_large is null && LargeElement.HasForm<T>(_values.AsSpan(0, Count)))
        {
            _isAllRead = true;
            return false;
        }

        _large = source;
        return true;
    }

    private void ReadAll()
    {
        LargeElement.ReadAll<T>(_values.AsSpan(0, Count), _large!).CopyTo(_values, 0);
        _large = null;
        _isAllRead = true;
    }

    private void Reserve(int count)
    {
        if (Count + count <= _values.Length)
        {
            return;
        }

        int capacity = Math.Max(_values.Length * 2, Count + count);
        _arrays.Resize(ref _values, capacity);
        if (_nulls is not null)
        {
            Array.Resize(ref _nulls, _values.Length);
        }
    }
}
