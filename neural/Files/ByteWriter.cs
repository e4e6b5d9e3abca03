using System.Buffers.Binary;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>Writes numbers and texts in little-endian order.</summary>
internal sealed class ByteWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>What was written.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>A whole number in eight bytes.</summary>
    public void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Bytes(bytes);
    }

    /// <summary>A double.</summary>
    public void Double(double value) => Number(BitConverter.DoubleToInt64Bits(value));

    /// <summary>A float.</summary>
    public void Single(float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Bytes(bytes);
    }

    /// <summary>A text: the length of its UTF-8 and then that.</summary>
    public void Text(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Number(bytes.Length);
        Bytes(bytes);
    }

    /// <summary>Bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
}
