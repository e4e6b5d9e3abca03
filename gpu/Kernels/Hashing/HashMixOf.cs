using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>The mixing of <see cref="FeatureHash"/> in registers.</summary>
internal static class HashMix<TLanes, TVector>
    where TLanes : struct, IHashLanes<TVector>
    where TVector : struct
{
    /// <summary>Mixes every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Mix(TVector value)
    {
        value = TLanes.Multiply(Fold(value), TLanes.Create(FeatureHash.FirstMix));
        value = TLanes.Multiply(Fold(value), TLanes.Create(FeatureHash.SecondMix));
        return Fold(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Fold(TVector value) =>
        TLanes.Xor(value, TLanes.ShiftRight(value, FeatureHash.MixShift));
}
