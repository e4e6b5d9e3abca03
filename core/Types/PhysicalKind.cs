namespace NeuroDb;

/// <summary>
/// How a column buffer holds its values. Several SQL types share one representation, so that the
/// operators have fewer cases than there are types.
/// </summary>
internal enum PhysicalKind
{
    /// <summary>
    /// <see cref="long"/>: BOOLEAN (0 or 1), INTEGER, BIGINT, DATE (days since 1970-01-01),
    /// TIMESTAMP and TIMESTAMPTZ (microseconds since 1970-01-01) and the bare NULL.
    /// </summary>
    Int64 = 0,

    /// <summary><see cref="double"/>: REAL (rounded to 32 bits), DOUBLE PRECISION, score.</summary>
    Double = 1,

    /// <summary><see cref="decimal"/>.</summary>
    Decimal = 2,

    /// <summary><see cref="Guid"/>: UUID.</summary>
    Uuid = 3,

    /// <summary>
    /// <see cref="string"/>: TEXT, JSON, BIT as the characters 0 and 1, and ENUM as a character
    /// whose code says the place of the label, and the label.
    /// </summary>
    Text = 4,

    /// <summary>
    /// An array of <see cref="byte"/>: BLOB, and arrays, STRUCT and MAP, whose bytes order
    /// as they do.
    /// </summary>
    Blob = 5,

    /// <summary><see cref="ReadOnlyMemory{T}"/> of <see cref="float"/>.</summary>
    Vector = 6,

    /// <summary><see cref="NeuroDb.CompactVector"/>: HALFVEC, INT8VEC and BITVEC.</summary>
    CompactVector = 10,

    /// <summary><see cref="TimeInterval"/>: INTERVAL.</summary>
    Interval = 11,
}
