using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// One column of an <see cref="Appender"/>: takes values of the column's type, and of narrower ones
/// that lose nothing, into the column buffer of the current batch.
/// </summary>
internal sealed class AppenderColumn
{
    private const int SlabLength = 64 * 1024;
    // Few enough that what was copied in is still in the processor's cache when it is inserted.
    private const int SlabCountMax = 4;

    private readonly string _name;
    private readonly Func<LargeInput, Value> _readInput;
    private long _sizeBytes;
    private readonly DataType _type;
    private ColumnBuilder _builder;
    private readonly List<float[]> _slabs = [];
    private int _slabNumber = -1;
    private int _slabUsed;

    /// <summary>Makes a column of a table's type.</summary>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="type">Its type.</param>
    /// <param name="readInput">Reads a stream that is a value.</param>
    public AppenderColumn(string name, DataType type, Func<LargeInput, Value> readInput)
    {
        _readInput = readInput;
        _name = name;
        _type = type;
        _builder = ColumnBuilder.Create(type, Limits.BatchRowCount);
    }

    /// <summary>
    /// The values so far; the column starts over. Vectors stay as they are only until the next
    /// value comes: the batch is inserted, which copies them, before that.
    /// </summary>
    public ColumnBuffer Take()
    {
        ColumnBuffer buffer = _builder.Build();
        _builder = ColumnBuilder.Create(_type, Limits.BatchRowCount);
        _slabNumber = -1;
        _slabUsed = 0;
        _sizeBytes = 0;
        return buffer;
    }

    /// <summary>Whether the vectors so far take so much memory (1 MiB) that they go.</summary>
    public bool IsLarge =>
        _slabNumber >= SlabCountMax || _sizeBytes >= Limits.LargeBatchSizeBytesMax;

    /// <summary>Appends NULL.</summary>
    public void AppendNull() => _builder.AppendNull();

    /// <summary>Appends a truth value.</summary>
    public void Append(bool value)
    {
        Require(_type.Kind == TypeKind.Boolean, "BOOLEAN");
        Add(value ? 1L : 0L);
    }

    /// <summary>Appends a whole number.</summary>
    public void Append(long value)
    {
        switch (_type.Kind)
        {
            case TypeKind.BigInt or TypeKind.Integer:
                Add(_type.HasInteger(value) ? value : throw OutOfRange(value));
                break;
            case TypeKind.Double or TypeKind.Real:
                Append((double)value);
                break;
            case TypeKind.Decimal:
                Append((decimal)value);
                break;
            default:
                throw Refuse("whole number");
        }
    }

    /// <summary>Appends a floating-point number; REAL rounds it to 32 bits.</summary>
    public void Append(double value)
    {
        switch (_type.Kind)
        {
            case TypeKind.Double:
                Add(value);
                break;
            case TypeKind.Real:
                float rounded = (float)value;
                Add(float.IsInfinity(rounded) && double.IsFinite(value)
                    ? throw OutOfRange(value)
                    : (double)rounded);
                break;
            default:
                throw Refuse("floating-point number");
        }
    }

    /// <summary>Appends an exact number.</summary>
    public void Append(decimal value)
    {
        Require(_type.Kind == TypeKind.Decimal, "DECIMAL");
        Add(_type.IsUBigInt ? DecimalScale.Fit(value, _type, default) : value);
    }

    /// <summary>Appends a text, or a value that it reads as: the label of an ENUM, bits.</summary>
    public void Append(string value)
    {
        if (_type.Kind is TypeKind.Enum or TypeKind.BitString or TypeKind.Struct or TypeKind.Map)
        {
            _sizeBytes += value.Length * (long)sizeof(char);
            _builder.Append(ValueParser.Parse(value, _type));
            return;
        }

        Require(_type.Kind is TypeKind.Text or TypeKind.Json, "text");
        _sizeBytes += value.Length * (long)sizeof(char);
        Add(ParameterConverter.OfText(value).AsText());
    }

    /// <summary>Appends a copy of bytes.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        if (_type.Kind == TypeKind.BitVector)
        {
            AppendVector(VectorConverter.OfBytes(value, _type.Length, default));
            return;
        }

        Require(_type.Kind == TypeKind.Blob, "BLOB");
        _sizeBytes += value.Length;
        EncodedValues.Check(value, _type, default);
        Add(ParameterConverter.OfBytes(value).AsBlob());
    }

    /// <summary>Appends a copy of a vector, which must have the column's dimension.</summary>
    public void Append(ReadOnlySpan<float> value)
    {
        if (_type.IsNumberVector && _type.Kind != TypeKind.Vector)
        {
            AppendVector(ParameterConverter.OfVector(value));
            return;
        }

        Require(_type.Kind == TypeKind.Vector, "VECTOR");
        if (_type.Length != 0 && value.Length != _type.Length)
        {
            throw new NeuroStoreException(ErrorCode.DimensionMismatch, string.Create(
                CultureInfo.InvariantCulture,
                $"Column {_name} holds vectors of {_type.Length} elements, but one of "
                + $"{value.Length} was given."));
        }

        ParameterConverter.CheckVector(value);
        Add(CopyToSlab(value));
    }

    /// <summary>Appends a UUID.</summary>
    public void Append(Guid value)
    {
        Require(_type.Kind == TypeKind.Uuid, "UUID");
        Add(value);
    }

    /// <summary>Appends a point in time.</summary>
    public void Append(DateTime value)
    {
        Require(_type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz, "TIMESTAMP");
        Add(ParameterConverter.ToMicroseconds(value));
    }

    /// <summary>Appends a day.</summary>
    public void Append(DateOnly value)
    {
        Require(_type.Kind == TypeKind.Date, "DATE");
        Add(ParameterConverter.ToDays(value));
    }

    /// <summary>Appends a time of day.</summary>
    public void Append(TimeOnly value)
    {
        Require(_type.Kind == TypeKind.Time, "TIME");
        Add(ParameterConverter.ToMicroseconds(value));
    }

    /// <summary>Appends an SQL value of the column's type or a narrower one.</summary>
    public void Append(Value value)
    {
        if (value.Input is { } input)
        {
            Require(value.Kind == _type.Kind, value.Kind.ToString());
            value = _readInput(input);
        }

        switch (value.Kind)
        {
            case TypeKind.Null:
                AppendNull();
                break;
            case TypeKind.Integer or TypeKind.BigInt:
                Append(value.AsInt64());
                break;
            case TypeKind.Real or TypeKind.Double:
                Append(value.AsDouble());
                break;
            case TypeKind.Text when _type.Kind is TypeKind.Json or TypeKind.Enum
                or TypeKind.BitString or TypeKind.Struct or TypeKind.Map:
                Append(value.AsText());
                break;
            case TypeKind.Vector when _type.Kind == TypeKind.Vector:
                Append(value.AsVector().Span);
                break;
            case TypeKind.Vector or TypeKind.HalfVector or TypeKind.Int8Vector
                when _type.IsNumberVector:
                AppendVector(value);
                break;
            case TypeKind.Blob when _type.Kind == TypeKind.BitVector:
                AppendVector(VectorConverter.OfBytes(value.AsBlob(), _type.Length, default));
                break;
            case TypeKind.BitVector when _type.Kind == TypeKind.BitVector:
                AppendVector(value);
                break;
            case TypeKind.Array or TypeKind.Struct or TypeKind.Map:
                AppendConverted(value);
                break;
            case TypeKind.Timestamp or TypeKind.TimestampTz
                when _type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz:
                Add(value.AsInt64());
                break;
            case TypeKind.Timestamp when _type.Kind == TypeKind.Date
                && value.AsInt64() % TimeSpan.MicrosecondsPerDay == 0:
                Add(value.AsInt64() / TimeSpan.MicrosecondsPerDay);
                break;
            default:
                Require(value.Kind == _type.Kind, value.Kind.ToString());
                if (_type.IsEncoded)
                {
                    EncodedValues.Check(value.AsBlob(), _type, default);
                }

                _builder.Append(value);
                break;
        }
    }

    /// <summary>
    /// Appends elements of an array; the loops are over typed arrays. The runtime passes a uint
    /// array off as an int array, so the integer cases ask for the very type.
    /// </summary>
    public void AppendArray(Array values, int start, int count)
    {
        switch (values)
        {
            case long[] numbers when values.GetType() == typeof(long[]):
                AppendEach(numbers.AsSpan(start, count), static (c, v) => c.Append(v));
                break;
            case int[] numbers when values.GetType() == typeof(int[]):
                AppendEach(numbers.AsSpan(start, count), static (c, v) => c.Append((long)v));
                break;
            case double[] numbers:
                AppendEach(numbers.AsSpan(start, count), static (c, v) => c.Append(v));
                break;
            case float[] numbers:
                AppendEach(numbers.AsSpan(start, count), static (c, v) => c.Append((double)v));
                break;
            case DateTime[] times:
                AppendEach(times.AsSpan(start, count), static (c, v) => c.Append(v));
                break;
            case string?[] texts:
                AppendEach(
                    (ReadOnlySpan<string?>)texts.AsSpan(start, count),
                    static (c, v) => c.AppendOrNull(v));
                break;
            default:
                for (int i = start; i < start + count; i++)
                {
                    Append(ParameterConverter.ToValue(values.GetValue(i)));
                }

                break;
        }
    }

    private void AppendVector(Value value)
    {
        value = VectorConverter.Convert(value, _type, CastKind.Assignment, default);
        _sizeBytes += value.Kind == TypeKind.Vector
            ? (long)value.VectorDimension * sizeof(float)
            : value.AsCompactVector().Bytes.Length;
        _builder.Append(value);
    }

    private void AppendConverted(Value array)
    {
        DataType type = BoundVariant.TypeOf(array);
        Require(Coercion.CanAssign(type, _type), type.ToString());
        Value value = ValueConverter.Convert(
            array, type, _type, CastKind.Assignment, default);
        if (value.Kind == TypeKind.Vector)
        {
            Append(value.AsVector().Span);
            return;
        }

        _sizeBytes += _type.Physical == PhysicalKind.Blob ? value.AsBlob().Length : 0;
        _builder.Append(value);
    }

    private void AppendOrNull(string? value)
    {
        if (value is null)
        {
            AppendNull();
        }
        else
        {
            Append(value);
        }
    }

    private void AppendEach<T>(ReadOnlySpan<T> values, Action<AppenderColumn, T> append)
    {
        foreach (T value in values)
        {
            append(this, value);
        }
    }

    private void Add<T>(T element) => ((ColumnBuilder<T>)_builder).AppendElement(element);

    /// <summary>
    /// Vectors share slabs, and batches share the slabs of the batch before: fresh memory costs
    /// more than the copy.
    /// </summary>
    private ReadOnlyMemory<float> CopyToSlab(ReadOnlySpan<float> value)
    {
        while (_slabNumber < 0 || _slabs[_slabNumber].Length - _slabUsed < value.Length)
        {
            _slabNumber++;
            _slabUsed = 0;
            if (_slabNumber == _slabs.Count)
            {
                _slabs.Add(
                    GC.AllocateUninitializedArray<float>(Math.Max(SlabLength, value.Length)));
            }
        }

        var copy = new Memory<float>(_slabs[_slabNumber], _slabUsed, value.Length);
        value.CopyTo(copy.Span);
        _slabUsed += value.Length;
        return copy;
    }

    private void Require(bool fits, string given)
    {
        if (!fits)
        {
            throw Refuse(given);
        }
    }

    private NeuroStoreException Refuse(string given) => new(
        ErrorCode.InvalidConversion,
        $"Column {_name} is {_type}; a {given} is not stored into it without a CAST.");

    private NeuroStoreException OutOfRange(object value) => new(
        ErrorCode.NumericOutOfRange,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{value} does not fit column {_name}, which is {_type}."));
}
