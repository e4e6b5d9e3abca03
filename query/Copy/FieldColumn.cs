using System.Text;
using System.Text.Unicode;

namespace NeuroDb.Query;

/// <summary>
/// One column of a batch while its rows are read. A row may be written again, so that one that
/// turns out to be wrong in a later column leaves nothing behind.
/// </summary>
internal abstract class FieldColumn(ColumnSchema schema)
{
    /// <summary>The column of the table.</summary>
    public ColumnSchema Schema { get; } = schema;

    /// <summary>Sets a row by the UTF-8 text of its value, or raises a typed error.</summary>
    public abstract void Set(int row, ReadOnlySpan<byte> text);

    /// <summary>Sets a row to a value of the column's type, or NULL.</summary>
    public abstract void Set(int row, Value value);

    /// <summary>Sets a row to NULL.</summary>
    public abstract void SetNull(int row);

    /// <summary>The first rows as a buffer; the column is empty afterwards.</summary>
    public abstract ColumnBuffer Take(int count);

    /// <summary>Makes the column for a type.</summary>
    public static FieldColumn Create(ColumnSchema schema) => schema.Type.Kind switch
    {
        TypeKind.Integer or TypeKind.BigInt => new FieldColumn<long, IntegerField>(schema),
        TypeKind.Real or TypeKind.Double => new FieldColumn<double, DoubleField>(schema),
        TypeKind.Decimal => new FieldColumn<decimal, DecimalField>(schema),
        TypeKind.Text => new FieldColumn<string, TextField>(schema),
        TypeKind.Date => new FieldColumn<long, DateField>(schema),
        TypeKind.Timestamp => new FieldColumn<long, TimestampField>(schema),
        TypeKind.Uuid => new FieldColumn<Guid, UuidField>(schema),
        TypeKind.Vector => new FieldColumn<ReadOnlyMemory<float>, VectorField>(schema),
        TypeKind.HalfVector or TypeKind.Int8Vector or TypeKind.BitVector =>
            new FieldColumn<CompactVector, UnusualField<CompactVector>>(schema),
        TypeKind.Boolean => new FieldColumn<long, BooleanField>(schema),
        TypeKind.Json or TypeKind.Enum or TypeKind.BitString =>
            new FieldColumn<string, UnusualField<string>>(schema),
        TypeKind.Blob or TypeKind.Array or TypeKind.Struct or TypeKind.Map =>
            new FieldColumn<byte[], UnusualField<byte[]>>(schema),
        TypeKind.TimestampTz or TypeKind.Time => new FieldColumn<long, UnusualField<long>>(schema),
        TypeKind.Interval => new FieldColumn<TimeInterval, UnusualField<TimeInterval>>(schema),
        _ => throw Invariant.Broken($"a stored type, not {schema.Type}"),
    };

    /// <summary>The text of UTF-8 bytes, or a typed error.</summary>
    public static string TextOf(ReadOnlySpan<byte> utf8) => Utf8.IsValid(utf8)
        ? Encoding.UTF8.GetString(utf8)
        : throw new NeuroStoreException(
            ErrorCode.InvalidText,
            $"'{ValueText.Shorten(Encoding.UTF8.GetString(utf8))}' is not UTF-8.");
}
