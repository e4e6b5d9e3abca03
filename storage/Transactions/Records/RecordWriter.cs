using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace NeuroDb.Storage;

/// <summary>Writes the primitive fields of log records, little-endian.</summary>
internal static class RecordWriter
{
    private const int TextRunMax = 1 << 14;

    /// <summary>The kind and version that every record begins with.</summary>
    public static void WriteHeader(this IBufferWriter<byte> writer, RecordKind kind)
    {
        Span<byte> to = writer.GetSpan(RecordFormat.HeaderSizeBytes);
        to[0] = (byte)kind;
        to[1] = RecordFormat.Version;
        to[2] = 0;
        to[3] = 0;
        writer.Advance(RecordFormat.HeaderSizeBytes);
    }

    /// <summary>One byte.</summary>
    public static void WriteByte(this IBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    /// <summary>32 bits.</summary>
    public static void WriteInt32(this IBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), value);
        writer.Advance(sizeof(int));
    }

    /// <summary>64 bits.</summary>
    public static void WriteInt64(this IBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(sizeof(long)), value);
        writer.Advance(sizeof(long));
    }

    /// <summary>Elements as they lie in memory.</summary>
    public static void WriteRaw<T>(this IBufferWriter<byte> writer, ReadOnlySpan<T> values)
        where T : struct
    {
        // The format is little-endian; no big-endian machine runs .NET 10.
        Invariant.Check(BitConverter.IsLittleEndian);
        Invariant.Check(!RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        for (int start = 0; start < values.Length;)
        {
            int count = Math.Min(values.Length - start, 1 << 16);
            writer.Write(MemoryMarshal.AsBytes(values.Slice(start, count)));
            start += count;
        }
    }

    /// <summary>
    /// A text: the length in bytes, then UTF-8. What UTF-8 cannot hold, unpaired surrogates, goes
    /// as UTF-16 with the complement of the length, so that no text is changed or refused.
    /// </summary>
    public static void WriteText(this IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        if (text.Length <= TextRunMax)
        {
            Span<byte> to = writer.GetSpan(sizeof(int) + (text.Length * 3));
            OperationStatus status = Utf8.FromUtf16(
                text, to[sizeof(int)..], out _, out int size, replaceInvalidSequences: false);
            if (status == OperationStatus.Done)
            {
                BinaryPrimitives.WriteInt32LittleEndian(to, size);
                writer.Advance(sizeof(int) + size);
                return;
            }
        }
        else if (!HasUnpairedSurrogate(text))
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            _ = Encoding.UTF8.GetBytes(text, bytes);
            writer.WriteInt32(bytes.Length);
            writer.Write(bytes);
            return;
        }

        ReadOnlySpan<byte> units = MemoryMarshal.AsBytes(text);
        writer.WriteInt32(~units.Length);
        writer.Write(units);
    }

    /// <summary>A text as <see cref="WriteText"/> does, or a mark for null.</summary>
    public static void WriteOptionalText(this IBufferWriter<byte> writer, string? text)
    {
        writer.WriteByte(text is null ? (byte)0 : (byte)1);
        if (text is not null)
        {
            writer.WriteText(text);
        }
    }

    private static bool HasUnpairedSurrogate(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }
}
