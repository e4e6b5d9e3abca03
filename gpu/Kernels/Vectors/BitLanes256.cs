using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Bits in 256-bit registers: an element is a byte of eight dimensions, the product is AND, every
/// difference is XOR, and sums count ones in 64 bits. Exact, so every width gives the same bits.
/// </summary>
internal readonly unsafe struct BitLanes256 : IElementLanes<Vector256<ulong>>
{
    /// <inheritdoc/>
    public static int Count => 32;

    /// <inheritdoc/>
    public static int RowSizeBytes => 1;

    /// <inheritdoc/>
    public static int QuerySizeBytes => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> LoadRow(byte* address) => Vector256.Load(address).AsUInt64();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> LoadRowPartial(byte* address, int count) =>
        PartialLoad.Bits256(address, count).AsUInt64();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> LoadQuery(byte* address) => LoadRow(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> LoadQueryPartial(byte* address, int count) =>
        LoadRowPartial(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddProduct(
        Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> sum) =>
        sum + OneBits.Count(a & b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddSquaredDifference(
        Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> sum) =>
        sum + OneBits.Count(a ^ b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddAbsoluteDifference(
        Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> sum) =>
        AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddDifferent(
        Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> sum) =>
        AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Add(Vector256<ulong> a, Vector256<ulong> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<ulong> a) => Vector256.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(
        Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d) =>
        Vector128.Create((float)Sum(a), (float)Sum(b), (float)Sum(c), (float)Sum(d));
}
