using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace NeuroDb;

/// <summary>Reads the current row of a cursor as any supported .NET type.</summary>
internal static class FieldReader
{
    /// <summary>
    /// The value as T: the type itself, a wider or checked integer, a nullable of it, or a view
    /// such as <see cref="ReadOnlyMemory{T}"/>, <see cref="Stream"/> and
    /// <see cref="JsonDocument"/>.
    /// </summary>
    /// <exception cref="InvalidCastException">The value is NULL, or T does not fit it.</exception>
    public static T Get<T>(RowCursor cursor, int ordinal)
    {
        if (typeof(T) == typeof(int))
        {
            return (T)(object)checked((int)cursor.GetInt64(ordinal));
        }

        if (typeof(T) == typeof(long))
        {
            return (T)(object)cursor.GetInt64(ordinal);
        }

        if (typeof(T) == typeof(double))
        {
            return (T)(object)cursor.GetDouble(ordinal);
        }

        if (typeof(T) == typeof(bool))
        {
            return (T)(object)cursor.GetBoolean(ordinal);
        }

        if (typeof(T) == typeof(string))
        {
            return (T)(object)cursor.GetString(ordinal);
        }

        if (typeof(T) == typeof(ReadOnlyMemory<float>))
        {
            return (T)(object)cursor.GetVector(ordinal);
        }

        Type? inner = Nullable.GetUnderlyingType(typeof(T));
        if (inner is not null && cursor.IsNull(ordinal))
        {
            return default!;
        }

        return (T)Box(cursor, ordinal, inner ?? typeof(T));
    }

    private static object Box(RowCursor cursor, int ordinal, Type type) =>
        Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => Enum.ToObject(type, cursor.GetInt64(ordinal)),
            TypeCode.Boolean => cursor.GetBoolean(ordinal),
            TypeCode.Byte => GetByte(cursor, ordinal),
            TypeCode.SByte => checked((sbyte)cursor.GetInt64(ordinal)),
            TypeCode.Int16 => checked((short)cursor.GetInt64(ordinal)),
            TypeCode.Int32 => checked((int)cursor.GetInt64(ordinal)),
            TypeCode.Int64 => cursor.GetInt64(ordinal),
            TypeCode.UInt16 => checked((ushort)cursor.GetInt64(ordinal)),
            TypeCode.UInt32 => checked((uint)cursor.GetInt64(ordinal)),
            TypeCode.UInt64 => GetUInt64(cursor, ordinal),
            TypeCode.Single => cursor.GetFloat(ordinal),
            TypeCode.Double => cursor.GetDouble(ordinal),
            TypeCode.Decimal => cursor.GetDecimal(ordinal),
            TypeCode.Char => GetChar(cursor, ordinal),
            TypeCode.String => cursor.GetString(ordinal),
            TypeCode.DateTime => cursor.GetDateTime(ordinal),
            _ => BoxReference(cursor, ordinal, type),
        };

    /// <summary>The value of a UTINYINT; a number of another type is no byte.</summary>
    public static byte GetByte(RowCursor cursor, int ordinal)
    {
        _ = cursor.PresentKindOf(ordinal);
        return cursor.Columns[ordinal].Type == DataType.UTinyInt
            ? (byte)cursor.GetInt64(ordinal)
            : throw cursor.WrongType(ordinal, typeof(byte));
    }

    /// <summary>The only character of a text of length one.</summary>
    public static char GetChar(RowCursor cursor, int ordinal)
    {
        string text = cursor.GetString(ordinal);
        return text.Length == 1 ? text[0] : throw cursor.WrongType(ordinal, typeof(char));
    }

    private static ulong GetUInt64(RowCursor cursor, int ordinal) =>
        cursor.KindOf(ordinal) == TypeKind.Decimal
            ? checked((ulong)cursor.GetDecimal(ordinal))
            : checked((ulong)cursor.GetInt64(ordinal));

    private static object BoxReference(RowCursor cursor, int ordinal, Type type)
    {
        if (type == typeof(object))
        {
            return cursor.GetValue(ordinal) ?? DBNull.Value;
        }

        if (type == typeof(DBNull))
        {
            return cursor.IsNull(ordinal)
                ? DBNull.Value
                : throw cursor.WrongType(ordinal, typeof(DBNull));
        }

        if (cursor.KindOf(ordinal) == TypeKind.Array)
        {
            return ArrayFields.Read(cursor.GetArray(ordinal), type)
                ?? throw cursor.WrongType(ordinal, type);
        }

        if (NestedFields.TryGet(cursor, ordinal, type) is { } nested)
        {
            return nested;
        }

        if (type == typeof(byte[]))
        {
            return cursor.PresentKindOf(ordinal) == TypeKind.BitVector
                ? cursor.GetCompact(ordinal, TypeKind.BitVector).Bytes.ToArray()
                : cursor.GetBlob(ordinal).ToArray();
        }

        if (type == typeof(ReadOnlyMemory<byte>))
        {
            return cursor.GetBlob(ordinal);
        }

        return BoxVector(cursor, ordinal, type) ?? BoxScalar(cursor, ordinal, type);
    }

    // Null where the type is none of vectors.
    private static object? BoxVector(RowCursor cursor, int ordinal, Type type)
    {
        if (type == typeof(float[]))
        {
            return cursor.GetVector(ordinal).ToArray();
        }

        if (type == typeof(ReadOnlyMemory<float>))
        {
            return cursor.GetVector(ordinal);
        }

        if (type == typeof(Half[]))
        {
            return cursor.GetCompact(ordinal, TypeKind.HalfVector).Halves.ToArray();
        }

        if (type == typeof(sbyte[]))
        {
            return cursor.GetCompact(ordinal, TypeKind.Int8Vector).Int8s.ToArray();
        }

        return type == typeof(BitArray)
            ? VectorParameters.ToBits(cursor.GetCompact(ordinal, TypeKind.BitVector))
            : null;
    }

    private static object BoxScalar(RowCursor cursor, int ordinal, Type type)
    {
        if (type == typeof(Guid))
        {
            return cursor.GetGuid(ordinal);
        }

        if (type == typeof(DateOnly))
        {
            return cursor.GetDate(ordinal);
        }

        if (type == typeof(TimeOnly))
        {
            return GetTime(cursor, ordinal);
        }

        if (type == typeof(DateTimeOffset))
        {
            return cursor.GetDateTimeOffset(ordinal);
        }

        if (type == typeof(TimeInterval))
        {
            return cursor.GetInterval(ordinal);
        }

        if (type == typeof(TimeSpan))
        {
            return cursor.PresentKindOf(ordinal) == TypeKind.Time
                ? cursor.GetTime(ordinal).ToTimeSpan()
                : cursor.GetInterval(ordinal).ToTimeSpan();
        }

        if (type == typeof(Stream))
        {
            return OpenStream(cursor, ordinal);
        }

        if (type == typeof(TextReader))
        {
            return OpenText(cursor, ordinal);
        }

        if (type == typeof(JsonDocument))
        {
            return JsonDocument.Parse(cursor.GetString(ordinal));
        }

        if (type == typeof(JsonElement))
        {
            using JsonDocument json = JsonDocument.Parse(cursor.GetString(ordinal));
            return json.RootElement.Clone();
        }

        throw cursor.WrongType(ordinal, type);
    }

    // A time of day is a TIME, may be read of a TEXT, and is part of a TIMESTAMP.
    private static TimeOnly GetTime(RowCursor cursor, int ordinal)
    {
        TypeKind kind = cursor.PresentKindOf(ordinal);
        if (kind == TypeKind.Time)
        {
            return cursor.GetTime(ordinal);
        }

        if (kind == TypeKind.Timestamp)
        {
            return TimeOnly.FromDateTime(cursor.GetDateTime(ordinal));
        }

        return TimeOnly.TryParse(
            cursor.GetString(ordinal), CultureInfo.InvariantCulture, out TimeOnly time)
            ? time
            : throw cursor.WrongType(ordinal, typeof(TimeOnly));
    }

    /// <summary>A reader over the characters of a TEXT or JSON.</summary>
    public static TextReader OpenText(RowCursor cursor, int ordinal) =>
        cursor.PresentKindOf(ordinal) is TypeKind.Text or TypeKind.Json
            && cursor.GetLarge(ordinal) is { } large
            ? LargeTextCursor.Open(large)
            : new StringReader(cursor.GetString(ordinal));

    /// <summary>The bytes of a BLOB or TEXT, to be read at any place.</summary>
    public static ValueReader OpenBlob(RowCursor cursor, int ordinal)
    {
        if (cursor.GetLarge(ordinal) is { } large)
        {
            return new ValueReader(large.Open());
        }

        return new ValueReader(cursor.KindOf(ordinal) == TypeKind.Blob
            ? cursor.GetBlob(ordinal)
            : System.Text.Encoding.UTF8.GetBytes(cursor.GetString(ordinal)));
    }

    /// <summary>A stream over the bytes of a BLOB that cannot change them.</summary>
    public static Stream OpenStream(RowCursor cursor, int ordinal)
    {
        if (cursor.PresentKindOf(ordinal) == TypeKind.Blob && cursor.GetLarge(ordinal) is { } large)
        {
            return new LargeValueStream(large.Open());
        }

        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(
            cursor.GetBlob(ordinal), out ArraySegment<byte> bytes);
        return new MemoryStream(bytes.Array ?? [], bytes.Offset, bytes.Count, writable: false);
    }
}
