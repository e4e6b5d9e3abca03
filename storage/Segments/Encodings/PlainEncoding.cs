using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Number after number, 8 bytes each.</summary>
internal static class PlainEncoding
{
    /// <summary>The bytes of some numbers.</summary>
    public static int SizeBytes(int count) => count * sizeof(long);

    /// <summary>Writes numbers.</summary>
    public static int Encode(ReadOnlySpan<long> values, Span<byte> target)
    {
        MemoryMarshal.AsBytes(values).CopyTo(target);
        return SizeBytes(values.Length);
    }

    /// <summary>Reads numbers.</summary>
    public static void Decode(ref BlockReader reader, scoped Span<long> values) =>
        reader.Take(SizeBytes(values.Length)).CopyTo(MemoryMarshal.AsBytes(values));
}
