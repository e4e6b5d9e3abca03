using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Bits in 512-bit registers: an element is a byte of eight dimensions, the product is AND, every
/// difference is XOR, and sums count ones in 64 bits. Exact, so every width gives the same bits.
/// </summary>
internal readonly unsafe struct BitLanes512 : IElementLanes<Vector512<ulong>>
{
    /// <inheritdoc/>
    public static int Count => 64;

    /// <inheritdoc/>
    public static int RowSizeBytes => 1;

    /// <inheritdoc/>
    public static int QuerySizeBytes => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> LoadRow(byte* address) => Vector512.Load(address).AsUInt64();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> LoadRowPartial(byte* address, int count) =>
        PartialLoad.Bits512(address, count).AsUInt64();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> LoadQuery(byte* address) => LoadRow(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> LoadQueryPartial(byte* address, int count) =>
        LoadRowPartial(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddProduct(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> sum) =>
        sum + OneBits.Count(a & b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddSquaredDifference(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> sum) =>
        sum + OneBits.Count(a ^ b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddAbsoluteDifference(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> sum) =>
        AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddDifferent(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> sum) =>
        AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Add(Vector512<ulong> a, Vector512<ulong> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<ulong> a) => Vector512.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d) =>
        Vector128.Create((float)Sum(a), (float)Sum(b), (float)Sum(c), (float)Sum(d));
}
