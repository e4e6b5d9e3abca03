using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Elements of varying size as bytes and back: texts as UTF-8, blobs as they are, vectors of any
/// dimension as their floats, compact ones as their dimension and their bytes.
/// </summary>
internal static class VariableElement
{
    // Three bytes a UTF-16 unit, so a slice of a text always fits the scratch.
    private const int TextSliceLength = 4096;
    private const int TextSliceSizeBytes = 3 * TextSliceLength;

    /// <summary>The bytes of the element of a row; of a NULL there are none.</summary>
    public static int SizeBytes<T>(ColumnStore<T> column, int row)
    {
        if (column.IsNull(row))
        {
            return 0;
        }

        if (typeof(T) == typeof(string))
        {
            return TextEncoding.Strict.GetByteCount(
                MemoryMarshal.Cast<byte, char>(column.BytesAt(row)));
        }

        if (typeof(T) == typeof(byte[]))
        {
            return column.BytesAt(row).Length;
        }

        T element = column.Values[row];
        if (typeof(T) == typeof(CompactVector))
        {
            CompactVector vector = Unsafe.As<T, CompactVector>(ref element);
            return vector.Dimension == 0 ? 0 : sizeof(int) + vector.Bytes.Length;
        }

        return Unsafe.As<T, ReadOnlyMemory<float>>(ref element).Length * sizeof(float);
    }

    /// <summary>Writes the bytes of the element of a row.</summary>
    public static void Write<T>(SegmentPageWriter pages, ColumnStore<T> column, int row)
    {
        if (column.IsNull(row))
        {
            return;
        }

        if (typeof(T) == typeof(string))
        {
            WriteText(pages, MemoryMarshal.Cast<byte, char>(column.BytesAt(row)));
        }
        else if (typeof(T) == typeof(byte[]))
        {
            pages.Write(column.BytesAt(row));
        }
        else
        {
            WriteVector(pages, column.Values[row]);
        }
    }

    /// <summary>Reads an element of so many bytes.</summary>
    public static T Read<T>(ExtentCursor cursor, int sizeBytes)
    {
        if (typeof(T) == typeof(string))
        {
            return (T)(object)ReadText(cursor, sizeBytes);
        }

        if (typeof(T) == typeof(byte[]))
        {
            byte[] blob = sizeBytes == 0
                ? []
                : GC.AllocateUninitializedArray<byte>(sizeBytes);
            cursor.CopyTo(blob);
            return (T)(object)blob;
        }

        if (typeof(T) == typeof(CompactVector))
        {
            CompactVector compact = ReadCompact(cursor, sizeBytes);
            return Unsafe.As<CompactVector, T>(ref compact);
        }

        cursor.Check(sizeBytes % sizeof(float) == 0, "a piece of a vector element");
        var floats = new float[sizeBytes / sizeof(float)];
        cursor.CopyTo(MemoryMarshal.AsBytes(floats.AsSpan()));
        ReadOnlyMemory<float> vector = floats;
        return Unsafe.As<ReadOnlyMemory<float>, T>(ref vector);
    }

    private static CompactVector ReadCompact(ExtentCursor cursor, int sizeBytes)
    {
        if (sizeBytes == 0)
        {
            return default;
        }

        cursor.Check(sizeBytes > sizeof(int), "a piece of a vector");
        int dimension = MemoryMarshal.Read<int>(cursor.Take(sizeof(int)));
        cursor.Check(dimension is > 0 and <= Limits.VectorDimensionMax, "a vector of another size");
        var bytes = new byte[sizeBytes - sizeof(int)];
        cursor.CopyTo(bytes);
        return new CompactVector(bytes, dimension);
    }

    private static void WriteVector<T>(SegmentPageWriter pages, T element)
    {
        if (typeof(T) != typeof(CompactVector))
        {
            pages.Write(MemoryMarshal.AsBytes(
                Unsafe.As<T, ReadOnlyMemory<float>>(ref element).Span));
            return;
        }

        CompactVector vector = Unsafe.As<T, CompactVector>(ref element);
        int dimension = vector.Dimension;
        if (dimension > 0)
        {
            pages.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in dimension)));
            pages.Write(vector.Bytes.Span);
        }
    }

    private static void WriteText(SegmentPageWriter pages, ReadOnlySpan<char> rest)
    {
        Span<byte> bytes = stackalloc byte[TextSliceSizeBytes];
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, TextSliceLength);
            if (length < rest.Length && char.IsHighSurrogate(rest[length - 1]))
            {
                length--;
            }

            int size = TextEncoding.Strict.GetBytes(rest[..length], bytes);
            pages.Write(bytes[..size]);
            rest = rest[length..];
        }
    }

    private static string ReadText(ExtentCursor cursor, int sizeBytes)
    {
        try
        {
            if (sizeBytes <= ExtentCursor.PieceSizeBytesMax)
            {
                return TextEncoding.Strict.GetString(cursor.Take(sizeBytes));
            }

            byte[] bytes = GC.AllocateUninitializedArray<byte>(sizeBytes);
            cursor.CopyTo(bytes);
            return TextEncoding.Strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            cursor.Check(false, "bytes that are no UTF-8");
            throw;
        }
    }
}
