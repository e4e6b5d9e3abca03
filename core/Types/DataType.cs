using System.Globalization;

namespace NeuroDb;

/// <summary>An SQL type with its parameters, such as DECIMAL(10, 2) or VECTOR(768).</summary>
public readonly partial record struct DataType
{
    // An IMAGE is a BLOB with a mark in its scale: its channels, or that they are not fixed.
    private const byte AnyChannels = 16;

    // AUDIO is a BLOB with this mark, and its rate as its length, or 0 if that is not fixed.
    private const byte AudioMark = 32;
    private const int TinyBits = 8;
    private const int SmallBits = 16;
    private const int PlainBits = 32;
    private const int WideBits = 64;

    // The scale of an INTEGER or BIGINT that holds no negative numbers.
    private const byte UnsignedMark = 1;
    private const int HeightShift = 16;

    private DataType(TypeKind kind, int length, byte scale, TypeShape? shape = null)
    {
        Kind = kind;
        Length = length;
        Scale = scale;
        Shape = shape;
    }

    /// <summary>The kind of the type.</summary>
    public TypeKind Kind { get; }

    /// <summary>
    /// The dimension of a vector (0 if not fixed) or the precision of a DECIMAL (0 if not fixed).
    /// An IMAGE keeps its size here; see <see cref="ImageHeight"/>.
    /// </summary>
    public int Length { get; }

    /// <summary>The digits behind the point of a DECIMAL.</summary>
    public byte Scale { get; }

    /// <summary>
    /// The labels of an ENUM, the fields of a STRUCT or MAP, also of the arrays of them; or null.
    /// </summary>
    internal TypeShape? Shape { get; }

    /// <summary>The type of a bare NULL.</summary>
    public static DataType Null => default;

    /// <summary>BOOLEAN.</summary>
    public static DataType Boolean => new(TypeKind.Boolean, 0, 0);

    /// <summary>INTEGER.</summary>
    public static DataType Integer => new(TypeKind.Integer, 0, 0);

    /// <summary>SMALLINT: an INTEGER whose values have 16 bits.</summary>
    public static DataType SmallInt => new(TypeKind.Integer, SmallBits, 0);

    /// <summary>TINYINT: an INTEGER whose values have 8 bits.</summary>
    public static DataType TinyInt => new(TypeKind.Integer, TinyBits, 0);

    /// <summary>BIGINT.</summary>
    public static DataType BigInt => new(TypeKind.BigInt, 0, 0);

    /// <summary>UTINYINT: an INTEGER from 0 to 255.</summary>
    public static DataType UTinyInt => new(TypeKind.Integer, TinyBits, UnsignedMark);

    /// <summary>USMALLINT: an INTEGER from 0 to 65,535.</summary>
    public static DataType USmallInt => new(TypeKind.Integer, SmallBits, UnsignedMark);

    /// <summary>UINTEGER: a BIGINT from 0 to 4,294,967,295.</summary>
    public static DataType UInteger => new(TypeKind.BigInt, PlainBits, UnsignedMark);

    /// <summary>UBIGINT: a DECIMAL without fraction from 0 to 18,446,744,073,709,551,615.
    /// </summary>
    public static DataType UBigInt => new(TypeKind.Decimal, WideBits, 0);

    /// <summary>REAL.</summary>
    public static DataType Real => new(TypeKind.Real, 0, 0);

    /// <summary>DOUBLE PRECISION.</summary>
    public static DataType Double => new(TypeKind.Double, 0, 0);

    /// <summary>DECIMAL without a fixed precision.</summary>
    public static DataType Decimal => new(TypeKind.Decimal, 0, 0);

    /// <summary>TEXT.</summary>
    public static DataType Text => new(TypeKind.Text, 0, 0);

    /// <summary>BLOB.</summary>
    public static DataType Blob => new(TypeKind.Blob, 0, 0);

    /// <summary>IMAGE without a fixed size: a BLOB that holds an encoded image.</summary>
    public static DataType Image => new(TypeKind.Blob, 0, AnyChannels);

    /// <summary>AUDIO without a fixed rate: a BLOB that holds encoded sound.</summary>
    public static DataType Audio => new(TypeKind.Blob, 0, AudioMark);

    /// <summary>DATE.</summary>
    public static DataType Date => new(TypeKind.Date, 0, 0);

    /// <summary>TIMESTAMP.</summary>
    public static DataType Timestamp => new(TypeKind.Timestamp, 0, 0);

    /// <summary>TIMESTAMP WITH TIME ZONE.</summary>
    public static DataType TimestampTz => new(TypeKind.TimestampTz, 0, 0);

    /// <summary>TIME of day.</summary>
    public static DataType Time => new(TypeKind.Time, 0, 0);

    /// <summary>INTERVAL.</summary>
    public static DataType Interval => new(TypeKind.Interval, 0, 0);

    /// <summary>UUID.</summary>
    public static DataType Uuid => new(TypeKind.Uuid, 0, 0);

    /// <summary>JSON.</summary>
    public static DataType Json => new(TypeKind.Json, 0, 0);

    /// <summary>A score, see <see cref="TypeKind.Score"/>.</summary>
    public static DataType Score => new(TypeKind.Score, 0, 0);

    /// <summary>A distance, see <see cref="TypeKind.Distance"/>.</summary>
    public static DataType Distance => new(TypeKind.Distance, 0, 0);

    /// <summary>Whether values are encoded images: a BLOB whose bytes were checked.</summary>
    public bool IsImage => Kind == TypeKind.Blob && Scale is 1 or 3 or AnyChannels;

    /// <summary>Whether values are encoded sound: a BLOB whose bytes were checked.</summary>
    public bool IsAudio => Kind == TypeKind.Blob && Scale == AudioMark;

    /// <summary>The samples of a second that models read of AUDIO; 0 if not fixed.</summary>
    public int AudioRate => IsAudio ? Length : 0;

    /// <summary>Whether values are bytes of a BLOB that were checked: IMAGE or AUDIO.</summary>
    internal bool IsEncoded => Kind == TypeKind.Blob && Scale != 0;

    /// <summary>The rows of pixels that models read of an IMAGE; 0 if not fixed.</summary>
    public int ImageHeight => IsImage ? Length >> HeightShift : 0;

    /// <summary>The pixels of a row that models read of an IMAGE; 0 if not fixed.</summary>
    public int ImageWidth => IsImage ? Length & ((1 << HeightShift) - 1) : 0;

    /// <summary>The channels that models read of an IMAGE: 1, 3, or 0 if not fixed.</summary>
    public int ImageChannels => IsImage && Scale != AnyChannels ? Scale : 0;

    /// <summary>Whether values are signed and of 16 bits: SMALLINT.</summary>
    public bool IsSmallInt => this == SmallInt;

    /// <summary>Whether values are whole numbers that are not negative.</summary>
    public bool IsUnsigned => IsUBigInt || (IsInteger && Scale == UnsignedMark);

    /// <summary>The bits of a whole number: 8, 16, 32 or 64; 0 for other types.</summary>
    public int IntegerBits => IsUBigInt ? WideBits
        : !IsInteger ? 0
        : Length != 0 ? Length
        : Kind == TypeKind.Integer ? PlainBits : WideBits;

    /// <summary>Whether it is UBIGINT, whose values are decimals.</summary>
    internal bool IsUBigInt => Kind == TypeKind.Decimal && Length == WideBits;

    /// <summary>The greatest value of an integer type.</summary>
    internal long IntegerMax => IsInteger
        ? long.MaxValue >> (WideBits - IntegerBits - (IsUnsigned ? 1 : 0))
        : long.MaxValue;

    /// <summary>Whether a whole number is within an integer type.</summary>
    internal bool HasInteger(long value) =>
        value <= IntegerMax && value >= (IsUnsigned ? 0 : ~IntegerMax);

    /// <summary>
    /// The type whose values cover those of an integer type with a narrower range, which
    /// expressions compute with; other types as they are.
    /// </summary>
    internal DataType WithoutRange => IsInteger || IsUBigInt ? new(Kind, 0, 0) : this;

    /// <summary>
    /// Whether values are whole numbers of 64 bits in memory: BIGINT, INTEGER and those of
    /// narrower ranges, but not UBIGINT.
    /// </summary>
    public bool IsInteger => Kind is TypeKind.Integer or TypeKind.BigInt;

    /// <summary>
    /// Whether values are binary floating point: REAL, DOUBLE PRECISION, a score or a distance.
    /// </summary>
    public bool IsFloatingPoint =>
        Kind is TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance;

    /// <summary>Whether values are numbers.</summary>
    public bool IsNumeric => IsInteger || IsFloatingPoint || Kind == TypeKind.Decimal;

    /// <summary>Whether values are vectors: VECTOR, HALFVEC, INT8VEC or BITVEC.</summary>
    public bool IsVector => Physical is PhysicalKind.Vector or PhysicalKind.CompactVector;

    /// <summary>Whether values are vectors of numbers: VECTOR, HALFVEC or INT8VEC.</summary>
    internal bool IsNumberVector =>
        Kind is TypeKind.Vector or TypeKind.HalfVector or TypeKind.Int8Vector;

    /// <summary>How column buffers hold values of this type.</summary>
    internal PhysicalKind Physical => Kind switch
    {
        TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
            PhysicalKind.Double,
        TypeKind.Decimal => PhysicalKind.Decimal,
        TypeKind.Uuid => PhysicalKind.Uuid,
        TypeKind.Text or TypeKind.Json or TypeKind.Enum or TypeKind.BitString =>
            PhysicalKind.Text,
        TypeKind.Blob or TypeKind.Array or TypeKind.Struct or TypeKind.Map =>
            PhysicalKind.Blob,
        TypeKind.Interval => PhysicalKind.Interval,
        TypeKind.Vector => PhysicalKind.Vector,
        TypeKind.HalfVector or TypeKind.Int8Vector or TypeKind.BitVector =>
            PhysicalKind.CompactVector,
        _ => PhysicalKind.Int64,
    };

    /// <summary>DECIMAL(precision, scale).</summary>
    /// <param name="precision">All digits, 1 to 28.</param>
    /// <param name="scale">Digits behind the point, 0 to precision.</param>
    public static DataType DecimalOf(int precision, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(precision);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, Limits.DecimalPrecisionMax);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return new(TypeKind.Decimal, precision, (byte)scale);
    }

    /// <summary>VECTOR(dimension); 0 for a vector whose dimension is not fixed.</summary>
    /// <param name="dimension">0 to 65,536.</param>
    public static DataType VectorOf(int dimension) => VectorOf(TypeKind.Vector, dimension);

    /// <summary>HALFVEC(dimension); 0 for one whose dimension is not fixed.</summary>
    /// <param name="dimension">0 to 65,536.</param>
    public static DataType HalfVectorOf(int dimension) => VectorOf(TypeKind.HalfVector, dimension);

    /// <summary>INT8VEC(dimension); 0 for one whose dimension is not fixed.</summary>
    /// <param name="dimension">0 to 65,536.</param>
    public static DataType Int8VectorOf(int dimension) => VectorOf(TypeKind.Int8Vector, dimension);

    /// <summary>BITVEC(dimension); 0 for one whose dimension is not fixed.</summary>
    /// <param name="dimension">0 to 65,536.</param>
    public static DataType BitVectorOf(int dimension) => VectorOf(TypeKind.BitVector, dimension);

    /// <summary>The type of vectors of a kind and a dimension; 0 if that is not fixed.</summary>
    internal static DataType VectorOf(TypeKind kind, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, Limits.VectorDimensionMax);
        return new(kind, dimension, 0);
    }

    /// <summary>IMAGE(height, width, channels).</summary>
    /// <param name="height">Rows of pixels, 1 to 8,192.</param>
    /// <param name="width">Pixels of a row, 1 to 8,192.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    public static DataType ImageOf(int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Limits.ImageSideMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Limits.ImageSideMax);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels));
        }

        return new(TypeKind.Blob, (height << HeightShift) | width, (byte)channels);
    }

    /// <summary>AUDIO(rate).</summary>
    /// <param name="rate">Samples in a second, 1,000 to 384,000.</param>
    public static DataType AudioOf(int rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, Limits.AudioRateMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, Limits.AudioRateMax);
        return new(TypeKind.Blob, rate, AudioMark);
    }

    /// <summary>Whether stored parts of a number are those of a type.</summary>
    internal static bool AreNumberParts(TypeKind kind, int length, byte scale) => kind switch
    {
        TypeKind.Integer => length is TinyBits or SmallBits
            ? scale <= UnsignedMark
            : length == 0 && scale == 0,
        TypeKind.BigInt => length == PlainBits ? scale == UnsignedMark : length == 0 && scale == 0,
        TypeKind.Decimal => length == WideBits
            ? scale == 0
            : length is >= 0 and <= Limits.DecimalPrecisionMax && scale <= length,
        _ => false,
    };

    /// <summary>Whether stored parts of a BLOB are those of a BLOB, an IMAGE or AUDIO.</summary>
    internal static bool AreBlobParts(int length, byte scale) => scale switch
    {
        0 or AnyChannels => length == 0,
        AudioMark => length is 0 or (>= Limits.AudioRateMin and <= Limits.AudioRateMax),
        1 or 3 => length >> HeightShift is > 0 and <= Limits.ImageSideMax
            && (length & ((1 << HeightShift) - 1)) is > 0 and <= Limits.ImageSideMax,
        _ => false,
    };

    /// <summary>How texts of this type compare, as <see cref="TextFold"/> says.</summary>
    internal byte Collation => Kind == TypeKind.Text ? Scale : TextFold.Binary;

    /// <summary>The type without the collation that a column of a table may have.</summary>
    internal DataType WithoutCollation => Collation == TextFold.Binary ? this : Text;

    /// <summary>TEXT whose keys and indexes compare by a collation.</summary>
    internal static DataType TextOf(byte collation) => new(TypeKind.Text, 0, collation);

    /// <summary>Rebuilds a type from its stored parts.</summary>
    internal static DataType FromParts(
        TypeKind kind, int length, byte scale, TypeShape? shape = null) =>
        new(kind, length, scale, shape);

    /// <summary>The type as SQL text.</summary>
    public override string ToString() => Kind switch
    {
        TypeKind.Null => "NULL",
        TypeKind.Boolean => "BOOLEAN",
        TypeKind.Integer => (IsUnsigned ? "U" : string.Empty)
            + (Length == 0 ? "INTEGER" : Length == SmallBits ? "SMALLINT" : "TINYINT"),
        TypeKind.BigInt => IsUnsigned ? "UINTEGER" : "BIGINT",
        TypeKind.Decimal when IsUBigInt => "UBIGINT",
        TypeKind.Real => "REAL",
        TypeKind.Double => "DOUBLE PRECISION",
        TypeKind.Decimal when Length > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Length},{Scale})"),
        TypeKind.Decimal => "DECIMAL",
        TypeKind.Text => "TEXT",
        TypeKind.Blob when IsAudio => Length == 0
            ? "AUDIO" : string.Create(CultureInfo.InvariantCulture, $"AUDIO({Length})"),
        TypeKind.Blob when Length > 0 => string.Create(
            CultureInfo.InvariantCulture, $"IMAGE({ImageHeight},{ImageWidth},{ImageChannels})"),
        TypeKind.Blob => IsImage ? "IMAGE" : "BLOB",
        TypeKind.Date => "DATE",
        TypeKind.Timestamp => "TIMESTAMP",
        TypeKind.TimestampTz => "TIMESTAMPTZ",
        TypeKind.Time => "TIME",
        TypeKind.Interval => "INTERVAL",
        TypeKind.Array => $"{ElementType}[]",
        TypeKind.Enum => Shape?.ToSql("ENUM") ?? "ENUM",
        TypeKind.Struct => Shape?.ToSql("STRUCT") ?? "STRUCT",
        TypeKind.Map => Shape?.ToSql("MAP") ?? "MAP",
        TypeKind.BitString when Length == 0 => "BIT VARYING",
        TypeKind.BitString => string.Create(
            CultureInfo.InvariantCulture,
            $"BIT{(IsVaryingBits ? " VARYING" : string.Empty)}({Length})"),
        TypeKind.Uuid => "UUID",
        TypeKind.Json => "JSON",
        TypeKind.Vector => VectorName("VECTOR"),
        TypeKind.HalfVector => VectorName("HALFVEC"),
        TypeKind.Int8Vector => VectorName("INT8VEC"),
        TypeKind.BitVector => VectorName("BITVEC"),
        TypeKind.Score => "SCORE",
        _ => "DISTANCE",
    };

    private string VectorName(string name) => Length == 0
        ? name
        : string.Create(CultureInfo.InvariantCulture, $"{name}({Length})");
}
