namespace NeuroDb.Query;

/// <summary>A <see cref="FieldColumn"/> of one physical type, with its fast reader.</summary>
internal sealed class FieldColumn<T, TReader>(ColumnSchema schema) : FieldColumn(schema)
    where TReader : struct, IFieldReader<T>
{
    private readonly DataType _type = schema.Type;
    private T[] _values = new T[Limits.BatchRowCount];
    private byte[]? _nulls;
    private TReader _reader = new();

    /// <inheritdoc/>
    public override void Set(int row, ReadOnlySpan<byte> text)
    {
        if (_reader.TryRead(text, _type, out T value))
        {
            SetElement(row, value);
        }
        else
        {
            Set(row, ValueParser.Parse(TextOf(text), _type));
        }
    }

    /// <inheritdoc/>
    public override void Set(int row, Value value)
    {
        if (value.IsNull)
        {
            SetNull(row);
        }
        else
        {
            SetElement(row, PhysicalValue.To<T>(value));
        }
    }

    /// <summary>Sets a row to an element that is not NULL.</summary>
    public void SetElement(int row, T element)
    {
        _values[row] = element;
        if (_nulls is not null)
        {
            _nulls[row] = 0;
        }
    }

    /// <inheritdoc/>
    public override void SetNull(int row)
    {
        Invariant.Check((uint)row < (uint)_values.Length);
        _nulls ??= new byte[_values.Length];
        _nulls[row] = 1;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Take(int count)
    {
        var buffer = new ColumnBuffer<T>(_type, _values, 0, count, new NullMask(_nulls));
        _values = new T[Limits.BatchRowCount];
        _nulls = null;
        return buffer;
    }
}
