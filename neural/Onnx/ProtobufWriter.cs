using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Writes messages of protocol buffers: fields with a number, each a whole number, four bytes, or
/// bytes with a length. Fields of the value 0 are written, so that nothing depends on defaults.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int VariableSize = 0;
    private const int Delimited = 2;
    private const int FourBytes = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>A whole number.</summary>
    public ProtobufWriter Number(int field, long value)
    {
        Variable((field << 3) | VariableSize);
        Variable(unchecked((ulong)value));
        return this;
    }

    /// <summary>A float.</summary>
    public ProtobufWriter Single(int field, float value)
    {
        Variable((field << 3) | FourBytes);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Bytes.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Variable((field << 3) | Delimited);
        Variable((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>A text in UTF-8.</summary>
    public ProtobufWriter Text(int field, string value) =>
        Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message inside this one.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter value) =>
        Bytes(field, value._bytes.WrittenSpan);

    private void Variable(int value) => Variable((ulong)value);

    private void Variable(ulong value)
    {
        while (value > 0x7F)
        {
            _bytes.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _bytes.Write([(byte)value]);
    }
}
