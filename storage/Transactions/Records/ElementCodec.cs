using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Encodes elements of variable size, each with its length before it.</summary>
internal static class ElementCodec
{
    private const int DecimalWords = 4;

    /// <summary>Writes a text, a blob or a vector.</summary>
    public static void Encode<T>(IBufferWriter<byte> writer, T element)
    {
        if (element is string text)
        {
            writer.WriteText(text);
        }
        else if (element is byte[] bytes)
        {
            writer.WriteInt32(bytes.Length);
            writer.Write(bytes);
        }
        else if (typeof(T) == typeof(CompactVector))
        {
            CompactVector vector = Unsafe.As<T, CompactVector>(ref element);
            writer.WriteInt32(vector.Dimension);
            writer.Write(vector.Bytes.Span);
        }
        else
        {
            ReadOnlyMemory<float> vector = Unsafe.As<T, ReadOnlyMemory<float>>(ref element);
            writer.WriteInt32(vector.Length);
            writer.WriteRaw(vector.Span);
        }
    }

    /// <summary>Writes the text or the blob of such bytes.</summary>
    public static void EncodeBytes<T>(IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        if (typeof(T) == typeof(string))
        {
            writer.WriteText(MemoryMarshal.Cast<byte, char>(bytes));
        }
        else
        {
            writer.WriteInt32(bytes.Length);
            writer.Write(bytes);
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    public static T Decode<T>(RecordReader reader, TypeKind kind)
    {
        if (typeof(T) == typeof(string))
        {
            return (T)(object)reader.ReadText();
        }

        if (typeof(T) == typeof(byte[]))
        {
            var bytes = new byte[reader.ReadSize("a blob")];
            reader.Read(bytes);
            return (T)(object)bytes;
        }

        if (typeof(T) == typeof(CompactVector))
        {
            int dimension = reader.ReadCount(Limits.VectorDimensionMax, "elements");
            var packed = new byte[CompactVector.SizeBytesOf(kind, dimension)];
            reader.Read(packed);
            var compact = new CompactVector(packed, dimension);
            return Unsafe.As<CompactVector, T>(ref compact);
        }

        var elements = new float[reader.ReadCount(Limits.VectorDimensionMax, "elements")];
        reader.ReadRaw(elements.AsSpan());
        ReadOnlyMemory<float> vector = elements;
        return Unsafe.As<ReadOnlyMemory<float>, T>(ref vector);
    }

    /// <summary>Reads decimals and refuses bits that are none.</summary>
    public static void ReadDecimals(RecordReader reader, Span<decimal> to)
    {
        reader.ReadRaw(to);
        Span<int> words = stackalloc int[DecimalWords];
        foreach (decimal value in to)
        {
            // The flags are the only word with forbidden bits: sign, and a scale up to 28.
            decimal.GetBits(value, words);
            int scale = (words[3] >> 16) & 0xFF;
            reader.Check((words[3] & 0x7F00FFFF) == 0 && scale <= 28, "a decimal");
        }
    }
}
