using System.Collections;

namespace NeuroDb;

/// <summary>The .NET types that SQL types are read as.</summary>
internal static class SqlTypes
{
    /// <summary>The .NET type that a value of the SQL type is boxed as.</summary>
    public static Type ClrType(DataType type) => type.Kind == TypeKind.Array
        ? ArrayFields.ClrType(type.ElementType)
        : (type.IntegerBits, type.IsUnsigned) switch
        {
            (8, false) => typeof(sbyte),
            (8, true) => typeof(byte),
            (16, false) => typeof(short),
            (16, true) => typeof(ushort),
            (32, true) => typeof(uint),
            (64, true) => typeof(ulong),
            _ => ClrType(type.Kind),
        };

    /// <summary>A value of an integer type, boxed as its .NET type.</summary>
    public static object BoxInteger(long value, DataType type) =>
        (type.IntegerBits, type.IsUnsigned) switch
        {
            (8, false) => (object)(sbyte)value,
            (8, true) => (byte)value,
            (16, false) => (short)value,
            (16, true) => (ushort)value,
            (32, false) => (int)value,
            (32, true) => (uint)value,
            _ => value,
        };

    /// <summary>The .NET type that a value of a kind is boxed as.</summary>
    public static Type ClrType(TypeKind kind) => kind switch
    {
        TypeKind.Boolean => typeof(bool),
        TypeKind.Integer => typeof(int),
        TypeKind.BigInt => typeof(long),
        TypeKind.Real => typeof(float),
        TypeKind.Double or TypeKind.Score or TypeKind.Distance => typeof(double),
        TypeKind.Decimal => typeof(decimal),
        TypeKind.Text or TypeKind.Json or TypeKind.Enum or TypeKind.BitString => typeof(string),
        TypeKind.Struct => typeof(Dictionary<string, object?>),
        TypeKind.Map => typeof(Dictionary<object, object?>),
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
