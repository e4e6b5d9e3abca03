using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Elements that are computed with in single precision: floats, and halves that become floats as
/// they are loaded.
/// </summary>
/// <remarks>A NaN makes every sum NaN.</remarks>
/// <typeparam name="TRow">The form of the rows in memory.</typeparam>
/// <typeparam name="TQuery">The form of the query in memory.</typeparam>
/// <typeparam name="TLanes">The register width.</typeparam>
/// <typeparam name="TVector">The register type.</typeparam>
internal readonly unsafe struct FloatElements<TRow, TQuery, TLanes, TVector>
    : IElementLanes<TVector>
    where TRow : struct, IFloatSource
    where TQuery : struct, IFloatSource
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public static int Count => TLanes.Count;

    /// <inheritdoc/>
    public static int RowSizeBytes => TRow.SizeBytes;

    /// <inheritdoc/>
    public static int QuerySizeBytes => TQuery.SizeBytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadRow(byte* address) => TRow.Load<TLanes, TVector>(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadRowPartial(byte* address, int count) =>
        TRow.LoadPartial<TLanes, TVector>(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadQuery(byte* address) => TQuery.Load<TLanes, TVector>(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadQueryPartial(byte* address, int count) =>
        TQuery.LoadPartial<TLanes, TVector>(address, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector AddProduct(TVector a, TVector b, TVector sum) =>
        TLanes.MultiplyAdd(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector AddSquaredDifference(TVector a, TVector b, TVector sum)
    {
        TVector difference = TLanes.Subtract(a, b);
        return TLanes.MultiplyAdd(difference, difference, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector AddAbsoluteDifference(TVector a, TVector b, TVector sum) =>
        TLanes.Add(sum, TLanes.Abs(TLanes.Subtract(a, b)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector AddDifferent(TVector a, TVector b, TVector sum) =>
        TLanes.Add(sum, TLanes.Different(a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add(TVector a, TVector b) => TLanes.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(TVector a) => TLanes.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumFour(TVector a, TVector b, TVector c, TVector d) =>
        FoldedSums.Of(TLanes.Fold(a), TLanes.Fold(b), TLanes.Fold(c), TLanes.Fold(d));
}
