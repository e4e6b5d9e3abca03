namespace NeuroDb;

/// <summary>The kinds of SQL values.</summary>
public enum TypeKind
{
    /// <summary>The type of a bare NULL.</summary>
    Null = 0,

    /// <summary>BOOLEAN.</summary>
    Boolean = 1,

    /// <summary>INTEGER, 32 bits.</summary>
    Integer = 2,

    /// <summary>BIGINT, 64 bits.</summary>
    BigInt = 3,

    /// <summary>REAL, 32-bit floating point.</summary>
    Real = 4,

    /// <summary>DOUBLE PRECISION, 64-bit floating point.</summary>
    Double = 5,

    /// <summary>DECIMAL(p, s), exact, up to 28 digits.</summary>
    Decimal = 6,

    /// <summary>TEXT, Unicode.</summary>
    Text = 7,

    /// <summary>BLOB, bytes.</summary>
    Blob = 8,

    /// <summary>DATE, days.</summary>
    Date = 9,

    /// <summary>TIMESTAMP without time zone, microseconds.</summary>
    Timestamp = 10,

    /// <summary>UUID, 128 bits.</summary>
    Uuid = 11,

    /// <summary>JSON text.</summary>
    Json = 12,

    /// <summary>VECTOR(n), n 32-bit floats.</summary>
    Vector = 13,

    /// <summary>
    /// A score: a DOUBLE PRECISION where higher is better, so that ORDER BY sorts it best first.
    /// </summary>
    Score = 14,

    /// <summary>
    /// A distance: a DOUBLE PRECISION where lower is better, so that ORDER BY puts the rows that
    /// have none last.
    /// </summary>
    Distance = 15,

    /// <summary>HALFVEC(n), n 16-bit floats.</summary>
    HalfVector = 20,

    /// <summary>INT8VEC(n), n whole numbers from -128 to 127.</summary>
    Int8Vector = 21,

    /// <summary>BITVEC(n), n bits.</summary>
    BitVector = 22,

    /// <summary>INTERVAL: months, days and microseconds.</summary>
    Interval = 30,

    /// <summary>TIMESTAMP WITH TIME ZONE: a point in time, in microseconds.</summary>
    TimestampTz = 31,

    /// <summary>An array, such as BIGINT[].</summary>
    Array = 32,

    /// <summary>TIME of day without time zone, in microseconds.</summary>
    Time = 33,

    /// <summary>ENUM: one of a list of labels, in the order of the list.</summary>
    Enum = 34,

    /// <summary>STRUCT: values with names.</summary>
    Struct = 35,

    /// <summary>MAP: values by keys.</summary>
    Map = 36,

    /// <summary>BIT and BIT VARYING: bits in a row.</summary>
    BitString = 37,
}
