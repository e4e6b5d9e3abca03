using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Signed bytes in 128-bit registers: 8 at a time, widened to 16 bits as they are loaded, sums in
/// 32 bits. Sums are exact up to 65,536 dimensions, so every width gives the same bits.
/// </summary>
internal readonly unsafe struct Int8Lanes128 : IElementLanes<Vector128<int>>
{
    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    public static int RowSizeBytes => 1;

    /// <inheritdoc/>
    public static int QuerySizeBytes => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadRow(byte* address) =>
        Int8Bits.Widen(Vector64.Load((sbyte*)address)).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadRowPartial(byte* address, int count) =>
        Int8Bits.Widen(PartialLoad.Bits128(address, count).AsSByte().GetLower()).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadQuery(byte* address) => LoadRow(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadQueryPartial(byte* address, int count) =>
        LoadRowPartial(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddProduct(
        Vector128<int> a, Vector128<int> b, Vector128<int> sum) =>
        Int8Bits.AddProducts(a.AsInt16(), b.AsInt16(), sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddSquaredDifference(
        Vector128<int> a, Vector128<int> b, Vector128<int> sum)
    {
        Vector128<short> difference = a.AsInt16() - b.AsInt16();
        return Int8Bits.AddProducts(difference, difference, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddAbsoluteDifference(
        Vector128<int> a, Vector128<int> b, Vector128<int> sum) => Int8Bits.AddProducts(
            Vector128.Abs(a.AsInt16() - b.AsInt16()), Vector128<short>.One, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddDifferent(
        Vector128<int> a, Vector128<int> b, Vector128<int> sum)
    {
        Vector128<short> one = Vector128<short>.One;
        Vector128<short> equal = Vector128.Equals(a.AsInt16(), b.AsInt16());
        return Int8Bits.AddProducts(Vector128.AndNot(one, equal), one, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector128<int> a)
    {
        (Vector128<long> lower, Vector128<long> upper) = Vector128.Widen(a);
        return Vector128.Sum(lower + upper);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(
        Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) =>
        Vector128.ConvertToSingle(FoldedSums.Of(a, b, c, d));
}
