using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>One number of 8 bytes that all rows have.</summary>
internal static class ConstantEncoding
{
    /// <summary>The bytes.</summary>
    public const int SizeBytes = sizeof(long);

    /// <summary>Writes the number.</summary>
    public static int Encode(long value, Span<byte> target)
    {
        MemoryMarshal.Write(target, in value);
        return SizeBytes;
    }

    /// <summary>Reads the number into all rows.</summary>
    public static void Decode(ref BlockReader reader, scoped Span<long> values) =>
        values.Fill(reader.Read<long>());
}
