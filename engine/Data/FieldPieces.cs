namespace NeuroDb.Data;

/// <summary>The rules of GetBytes and GetChars: pieces of a value copied into a buffer.</summary>
internal static class FieldPieces
{
    /// <summary>Copies bytes of a BLOB; without a buffer it gives the length.</summary>
    public static long Bytes(
        RowCursor cursor,
        int ordinal,
        long dataOffset,
        byte[]? buffer,
        int bufferOffset,
        int length)
    {
        if (cursor.PresentKindOf(ordinal) != TypeKind.Blob
            || cursor.OpenLarge(ordinal) is not { } large)
        {
            return Copy(
                cursor.GetBlob(ordinal).Span, dataOffset, buffer, bufferOffset, length);
        }

        Check(dataOffset, buffer, bufferOffset, length);
        return buffer is null
            ? large.Bytes.Length
            : large.Bytes.Read(dataOffset, buffer.AsSpan(bufferOffset, length));
    }

    /// <summary>Copies characters of a TEXT; without a buffer it gives the length.</summary>
    public static long Characters(
        RowCursor cursor,
        int ordinal,
        long dataOffset,
        char[]? buffer,
        int bufferOffset,
        int length)
    {
        if (cursor.PresentKindOf(ordinal) is not (TypeKind.Text or TypeKind.Json)
            || cursor.OpenLarge(ordinal) is not { } large)
        {
            return Copy<char>(
                cursor.GetString(ordinal), dataOffset, buffer, bufferOffset, length);
        }

        Check(dataOffset, buffer, bufferOffset, length);
        return buffer is null
            ? large.Text.Length()
            : large.Text.Read(dataOffset, buffer.AsSpan(bufferOffset, length));
    }

    private static long Copy<T>(
        ReadOnlySpan<T> data, long dataOffset, T[]? buffer, int bufferOffset, int length)
    {
        Check(dataOffset, buffer, bufferOffset, length);
        if (buffer is null)
        {
            return data.Length;
        }

        int start = (int)Math.Min(dataOffset, data.Length);
        int count = Math.Min(length, data.Length - start);
        data.Slice(start, count).CopyTo(buffer.AsSpan(bufferOffset));
        return count;
    }

    private static void Check<T>(long dataOffset, T[]? buffer, int bufferOffset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataOffset);
        if (buffer is null)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferOffset, buffer.Length);
        if (bufferOffset + (long)length > buffer.Length)
        {
            throw new ArgumentException(
                "The buffer has no room for that length at that offset.", nameof(length));
        }
    }
}
