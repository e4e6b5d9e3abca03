using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Loads of the last, partly filled register: bytes past the count are zero and are not read, so
/// that a row may end where its page ends.
/// </summary>
internal static unsafe class PartialLoad
{
    /// <summary>The first bytes of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Bits512(byte* address, int count)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<byte> mask = Vector512.GreaterThan(
                Vector512.Create((byte)count), Vector512<byte>.Indices);
            return Avx512BW.MaskLoad(address, mask, Vector512<byte>.Zero);
        }

        Vector512<byte> loaded = default;
        Unsafe.CopyBlockUnaligned(&loaded, address, (uint)count);
        return loaded;
    }

    /// <summary>The first bytes of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Bits256(byte* address, int count)
    {
        if (Avx512BW.VL.IsSupported)
        {
            Vector256<byte> mask = Vector256.GreaterThan(
                Vector256.Create((byte)count), Vector256<byte>.Indices);
            return Avx512BW.VL.MaskLoad(address, mask, Vector256<byte>.Zero);
        }

        Vector256<byte> loaded = default;
        Unsafe.CopyBlockUnaligned(&loaded, address, (uint)count);
        return loaded;
    }

    /// <summary>The first bytes of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Bits128(byte* address, int count)
    {
        if (Avx512BW.VL.IsSupported)
        {
            Vector128<byte> mask = Vector128.GreaterThan(
                Vector128.Create((byte)count), Vector128<byte>.Indices);
            return Avx512BW.VL.MaskLoad(address, mask, Vector128<byte>.Zero);
        }

        Vector128<byte> loaded = default;
        Unsafe.CopyBlockUnaligned(&loaded, address, (uint)count);
        return loaded;
    }
}
