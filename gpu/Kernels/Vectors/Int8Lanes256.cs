using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Signed bytes in 256-bit registers: 16 at a time, widened to 16 bits as they are loaded, sums in
/// 32 bits. Sums are exact up to 65,536 dimensions, so every width gives the same bits.
/// </summary>
internal readonly unsafe struct Int8Lanes256 : IElementLanes<Vector256<int>>
{
    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    public static int RowSizeBytes => 1;

    /// <inheritdoc/>
    public static int QuerySizeBytes => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadRow(byte* address) =>
        Int8Bits.Widen(Vector128.Load((sbyte*)address)).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadRowPartial(byte* address, int count) =>
        Int8Bits.Widen(PartialLoad.Bits128(address, count).AsSByte()).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadQuery(byte* address) => LoadRow(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadQueryPartial(byte* address, int count) =>
        LoadRowPartial(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddProduct(
        Vector256<int> a, Vector256<int> b, Vector256<int> sum) =>
        Int8Bits.AddProducts(a.AsInt16(), b.AsInt16(), sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddSquaredDifference(
        Vector256<int> a, Vector256<int> b, Vector256<int> sum)
    {
        Vector256<short> difference = a.AsInt16() - b.AsInt16();
        return Int8Bits.AddProducts(difference, difference, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddAbsoluteDifference(
        Vector256<int> a, Vector256<int> b, Vector256<int> sum) => Int8Bits.AddProducts(
            Vector256.Abs(a.AsInt16() - b.AsInt16()), Vector256<short>.One, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddDifferent(
        Vector256<int> a, Vector256<int> b, Vector256<int> sum)
    {
        Vector256<short> one = Vector256<short>.One;
        Vector256<short> equal = Vector256.Equals(a.AsInt16(), b.AsInt16());
        return Int8Bits.AddProducts(Vector256.AndNot(one, equal), one, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<int> a)
    {
        (Vector256<long> lower, Vector256<long> upper) = Vector256.Widen(a);
        return Vector256.Sum(lower + upper);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(
        Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) =>
        Int8Lanes128.SumFour(
            a.GetLower() + a.GetUpper(),
            b.GetLower() + b.GetUpper(),
            c.GetLower() + c.GetUpper(),
            d.GetLower() + d.GetUpper());
}
