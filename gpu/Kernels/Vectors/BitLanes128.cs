using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Bits in 128-bit registers: an element is a byte of eight dimensions, the product is AND, every
/// difference is XOR, and sums count ones in 64 bits. Exact, so every width gives the same bits.
/// </summary>
internal readonly unsafe struct BitLanes128 : IElementLanes<Vector128<ulong>>
{
    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    public static int RowSizeBytes => 1;

    /// <inheritdoc/>
    public static int QuerySizeBytes => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> LoadRow(byte* address) => Vector128.Load(address).AsUInt64();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> LoadRowPartial(byte* address, int count) =>
        PartialLoad.Bits128(address, count).AsUInt64();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> LoadQuery(byte* address) => LoadRow(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> LoadQueryPartial(byte* address, int count) =>
        LoadRowPartial(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddProduct(
        Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> sum) =>
        sum + OneBits.Count(a & b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddSquaredDifference(
        Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> sum) =>
        sum + OneBits.Count(a ^ b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddAbsoluteDifference(
        Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> sum) =>
        AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddDifferent(
        Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> sum) =>
        AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Add(Vector128<ulong> a, Vector128<ulong> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector128<ulong> a) => Vector128.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(
        Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c, Vector128<ulong> d) =>
        Vector128.Create((float)Sum(a), (float)Sum(b), (float)Sum(c), (float)Sum(d));
}
