using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>Bytes in memory to whole numbers of 32 bits in registers, and back.</summary>
internal static unsafe class ByteBits
{
    /// <summary>16 bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load512(byte* address) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector128.Load(address))
        : Vector512.Create(Load256(address), Load256(address + 8));

    /// <summary>8 bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load256(byte* address) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(ulong*)address).AsByte())
        : Vector256.Create(Load128(address), Load128(address + 4));

    /// <summary>4 bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load128(byte* address) => Vector128.WidenLower(
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)address).AsByte())).AsInt32();

    /// <summary>Stores 16 numbers, which must be from 0 to 255, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> numbers, byte* address)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(numbers).Store(address);
        }
        else
        {
            Store(numbers.GetLower(), address);
            Store(numbers.GetUpper(), address + 8);
        }
    }

    /// <summary>Stores 8 numbers, which must be from 0 to 255, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> numbers, byte* address)
    {
        Store(numbers.GetLower(), address);
        Store(numbers.GetUpper(), address + 4);
    }

    /// <summary>Stores 4 numbers, which must be from 0 to 255, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> numbers, byte* address)
    {
        Vector128<ushort> words = Vector128.Narrow(numbers.AsUInt32(), numbers.AsUInt32());
        *(uint*)address = Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
