using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Query;

/// <summary>
/// Finds the bytes that give a CSV file its shape, 64 bytes at a time: bit i of a mask says that
/// byte i is a delimiter, quote, escape or line end.
/// </summary>
internal readonly struct CsvMask(byte delimiter, byte quote, byte escape)
{
    /// <summary>The bytes that one mask covers.</summary>
    public const int WidthBytes = 64;

    private readonly byte _delimiter = delimiter;
    private readonly byte _quote = quote == 0 ? (byte)'\n' : quote;
    private readonly byte _escape = escape == 0 ? (byte)'\n' : escape;

    /// <summary>The mask of 64 bytes, of which all must be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(bytes.Length >= WidthBytes);
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        if (Vector512.IsHardwareAccelerated)
        {
            return Of512(ref first);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Of256(ref first) | ((ulong)Of256(ref Unsafe.Add(ref first, 32)) << 32);
        }

        return Of128(ref first)
            | ((ulong)Of128(ref Unsafe.Add(ref first, 16)) << 16)
            | ((ulong)Of128(ref Unsafe.Add(ref first, 32)) << 32)
            | ((ulong)Of128(ref Unsafe.Add(ref first, 48)) << 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Of512(ref byte first)
    {
        Vector512<byte> bytes = Vector512.LoadUnsafe(ref first);
        Vector512<byte> found = Vector512.Equals(bytes, Vector512.Create(_delimiter))
            | Vector512.Equals(bytes, Vector512.Create(_quote))
            | Vector512.Equals(bytes, Vector512.Create(_escape))
            | Vector512.Equals(bytes, Vector512.Create((byte)'\n'))
            | Vector512.Equals(bytes, Vector512.Create((byte)'\r'));
        return found.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Of256(ref byte first)
    {
        Vector256<byte> bytes = Vector256.LoadUnsafe(ref first);
        Vector256<byte> found = Vector256.Equals(bytes, Vector256.Create(_delimiter))
            | Vector256.Equals(bytes, Vector256.Create(_quote))
            | Vector256.Equals(bytes, Vector256.Create(_escape))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\r'));
        return found.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Of128(ref byte first)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(ref first);
        Vector128<byte> found = Vector128.Equals(bytes, Vector128.Create(_delimiter))
            | Vector128.Equals(bytes, Vector128.Create(_quote))
            | Vector128.Equals(bytes, Vector128.Create(_escape))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\n'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\r'));
        return found.ExtractMostSignificantBits();
    }
}
