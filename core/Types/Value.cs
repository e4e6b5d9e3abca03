using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// One SQL value of any type, used at the edges where single rows come and go: parameters, keys,
/// constants, results. Inside, operators work on column buffers. 24 bytes, no boxing for numbers.
/// </summary>
internal readonly struct Value
{
    // Enough for the largest dimension; an offset into an array fits beside it.
    private const int DimensionBits = 20;
    private readonly object? _reference;
    private readonly long _bits;
    private readonly TypeKind _kind;

    private Value(TypeKind kind, long bits, object? reference)
    {
        _kind = kind;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>The SQL NULL; the default of this struct.</summary>
    public static Value Null => default;

    /// <summary>The kind of the value; <see cref="TypeKind.Null"/> for NULL.</summary>
    public TypeKind Kind => _kind;

    /// <summary>Whether this is NULL.</summary>
    public bool IsNull => _kind == TypeKind.Null;

    /// <summary>A BOOLEAN.</summary>
    public static Value Of(bool value) => new(TypeKind.Boolean, value ? 1 : 0, null);

    /// <summary>An INTEGER.</summary>
    public static Value Of(int value) => new(TypeKind.Integer, value, null);

    /// <summary>A BIGINT.</summary>
    public static Value Of(long value) => new(TypeKind.BigInt, value, null);

    /// <summary>A REAL.</summary>
    public static Value Of(float value) =>
        new(TypeKind.Real, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A DOUBLE PRECISION.</summary>
    public static Value Of(double value) =>
        new(TypeKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A DECIMAL.</summary>
    public static Value Of(decimal value) => new(TypeKind.Decimal, 0, value);

    /// <summary>A TEXT.</summary>
    public static Value Of(string value) => new(TypeKind.Text, 0, value);

    /// <summary>A BLOB; the array is not copied and must not change.</summary>
    public static Value Of(byte[] value) => new(TypeKind.Blob, 0, value);

    /// <summary>A TEXT, JSON or BLOB that lies in a file of its own.</summary>
    public static Value OfLarge(TypeKind kind, LargeValue value) => new(kind, 0, value);

    /// <summary>A UUID.</summary>
    public static Value Of(Guid value) => new(TypeKind.Uuid, 0, value);

    /// <summary>A VECTOR; the memory is not copied and must not change.</summary>
    public static Value Of(ReadOnlyMemory<float> value)
    {
        if (!MemoryMarshal.TryGetArray(value, out ArraySegment<float> segment))
        {
            segment = value.ToArray();
        }

        long bits = ((long)segment.Offset << 32) | (uint)segment.Count;
        return new(TypeKind.Vector, bits, segment.Array ?? []);
    }

    /// <summary>
    /// A HALFVEC, INT8VEC or BITVEC; the memory is not copied and must not change.
    /// </summary>
    public static Value Of(TypeKind kind, CompactVector value)
    {
        if (!MemoryMarshal.TryGetArray(value.Bytes, out ArraySegment<byte> segment))
        {
            segment = value.Bytes.ToArray();
        }

        Invariant.Check(value.Fits(kind));
        long bits = ((long)segment.Offset << DimensionBits) | (uint)value.Dimension;
        return new(kind, bits, segment.Array ?? []);
    }

    /// <summary>A DATE of days since 1970-01-01.</summary>
    public static Value OfDate(long days) => new(TypeKind.Date, days, null);

    /// <summary>A TIMESTAMP of microseconds since 1970-01-01.</summary>
    public static Value OfTimestamp(long microseconds) =>
        new(TypeKind.Timestamp, microseconds, null);

    /// <summary>A TIME of day in microseconds, from 0 to below 86,400,000,000.</summary>
    public static Value OfTime(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
            microseconds, TimeInterval.MicrosecondsPerDay);
        return new(TypeKind.Time, microseconds, null);
    }

    /// <summary>An INTERVAL.</summary>
    public static Value Of(TimeInterval value) => new(TypeKind.Interval, 0, value);

    /// <summary>An array, or another kind that is held as bytes; they must not change.</summary>
    public static Value OfBytes(TypeKind kind, byte[] bytes) => new(kind, 0, bytes);

    /// <summary>A JSON text.</summary>
    public static Value OfJson(string json) => new(TypeKind.Json, 0, json);

    /// <summary>A value of a kind that is held as a 64-bit integer.</summary>
    public static Value OfInt64(TypeKind kind, long bits) => new(kind, bits, null);

    /// <summary>A value of a kind that is held as a double.</summary>
    public static Value OfDouble(TypeKind kind, double value) =>
        new(kind, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A value of a kind that is held as a string.</summary>
    public static Value OfText(TypeKind kind, string value) => new(kind, 0, value);

    /// <summary>The integer of a kind held as <see cref="PhysicalKind.Int64"/>.</summary>
    public long AsInt64() => _bits;

    /// <summary>The truth value of a BOOLEAN.</summary>
    public bool AsBoolean() => _bits != 0;

    /// <summary>The number of a kind held as <see cref="PhysicalKind.Double"/>.</summary>
    public double AsDouble() => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The number of a DECIMAL.</summary>
    public decimal AsDecimal() => (decimal)_reference!;

    /// <summary>The identifier of a UUID.</summary>
    public Guid AsUuid() => (Guid)_reference!;

    /// <summary>The value of an INTERVAL.</summary>
    public TimeInterval AsInterval() => (TimeInterval)_reference!;

    /// <summary>A TEXT or BLOB that is still to be read from a stream.</summary>
    public static Value OfInput(TypeKind kind, LargeInput input) => new(kind, 0, input);

    /// <summary>The stream that the value is still to be read from, or null.</summary>
    public LargeInput? Input => _reference as LargeInput;

    /// <summary>The value if it lies in a file of its own, or null.</summary>
    public LargeValue? Large => _reference as LargeValue;

    /// <summary>The characters of a TEXT or JSON; a large one is read.</summary>
    public string AsText() => _reference is LargeValue large
        ? large.ReadText()
        : (string)_reference!;

    /// <summary>The bytes of a BLOB or an array; a large one is read.</summary>
    public byte[] AsBlob() => _reference is LargeValue large
        ? large.ReadBytes()
        : (byte[])_reference!;

    /// <summary>The elements of a VECTOR.</summary>
    public ReadOnlyMemory<float> AsVector() =>
        new((float[])_reference!, (int)(_bits >> 32), (int)_bits);

    /// <summary>The elements of a HALFVEC, INT8VEC or BITVEC.</summary>
    public CompactVector AsCompactVector()
    {
        int dimension = (int)(_bits & ((1 << DimensionBits) - 1));
        var bytes = new ReadOnlyMemory<byte>(
            (byte[])_reference!,
            (int)(_bits >> DimensionBits),
            CompactVector.SizeBytesOf(_kind, dimension));
        return new CompactVector(bytes, dimension);
    }

    /// <summary>The dimension of a vector of any type.</summary>
    public int VectorDimension => _kind == TypeKind.Vector
        ? (int)_bits
        : (int)(_bits & ((1 << DimensionBits) - 1));
}
