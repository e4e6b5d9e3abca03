using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Signed bytes in 512-bit registers: 32 at a time, widened to 16 bits as they are loaded, sums in
/// 32 bits. Sums are exact up to 65,536 dimensions, so every width gives the same bits.
/// </summary>
internal readonly unsafe struct Int8Lanes512 : IElementLanes<Vector512<int>>
{
    /// <inheritdoc/>
    public static int Count => 32;

    /// <inheritdoc/>
    public static int RowSizeBytes => 1;

    /// <inheritdoc/>
    public static int QuerySizeBytes => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadRow(byte* address) =>
        Int8Bits.Widen(Vector256.Load((sbyte*)address)).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadRowPartial(byte* address, int count) =>
        Int8Bits.Widen(PartialLoad.Bits256(address, count).AsSByte()).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadQuery(byte* address) => LoadRow(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadQueryPartial(byte* address, int count) =>
        LoadRowPartial(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddProduct(
        Vector512<int> a, Vector512<int> b, Vector512<int> sum) =>
        Int8Bits.AddProducts(a.AsInt16(), b.AsInt16(), sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddSquaredDifference(
        Vector512<int> a, Vector512<int> b, Vector512<int> sum)
    {
        Vector512<short> difference = a.AsInt16() - b.AsInt16();
        return Int8Bits.AddProducts(difference, difference, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddAbsoluteDifference(
        Vector512<int> a, Vector512<int> b, Vector512<int> sum) => Int8Bits.AddProducts(
            Vector512.Abs(a.AsInt16() - b.AsInt16()), Vector512<short>.One, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddDifferent(
        Vector512<int> a, Vector512<int> b, Vector512<int> sum)
    {
        Vector512<short> one = Vector512<short>.One;
        Vector512<short> equal = Vector512.Equals(a.AsInt16(), b.AsInt16());
        return Int8Bits.AddProducts(Vector512.AndNot(one, equal), one, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<int> a)
    {
        (Vector512<long> lower, Vector512<long> upper) = Vector512.Widen(a);
        return Vector512.Sum(lower + upper);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(
        Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d) =>
        Int8Lanes256.SumFour(
            a.GetLower() + a.GetUpper(),
            b.GetLower() + b.GetUpper(),
            c.GetLower() + c.GetUpper(),
            d.GetLower() + d.GetUpper());
}
