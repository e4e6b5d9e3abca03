using System.Collections;

namespace NeuroDb;

/// <summary>The .NET types that SQL types are read as.</summary>
internal static class SqlTypes
{
    /// <summary>The .NET type that a value of the SQL type is boxed as.</summary>
    public static Type ClrType(DataType type) => type.Kind == TypeKind.Array
        ? ArrayFields.ClrType(type.ElementType.Kind)
        : type.IsSmallInt ? typeof(short) : ClrType(type.Kind);

    /// <summary>The .NET type that a value of a kind is boxed as.</summary>
    public static Type ClrType(TypeKind kind) => kind switch
    {
        TypeKind.Boolean => typeof(bool),
        TypeKind.Integer => typeof(int),
        TypeKind.BigInt => typeof(long),
        TypeKind.Real => typeof(float),
        TypeKind.Double or TypeKind.Score or TypeKind.Distance => typeof(double),
        TypeKind.Decimal => typeof(decimal),
        TypeKind.Text or TypeKind.Json => typeof(string),
        TypeKind.Blob => typeof(byte[]),
        TypeKind.Date or TypeKind.Timestamp => typeof(DateTime),
        TypeKind.TimestampTz => typeof(DateTimeOffset),
        TypeKind.Time => typeof(TimeSpan),
        TypeKind.Interval => typeof(TimeInterval),
        TypeKind.Array => typeof(Array),
        TypeKind.Uuid => typeof(Guid),
        TypeKind.Vector => typeof(float[]),
        TypeKind.HalfVector => typeof(Half[]),
        TypeKind.Int8Vector => typeof(sbyte[]),
        TypeKind.BitVector => typeof(BitArray),
        _ => typeof(object),
    };
}
