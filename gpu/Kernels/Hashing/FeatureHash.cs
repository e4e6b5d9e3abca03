using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The hash of text features. It is part of the saved form of an encoder: the same text must give
/// the same vector in every version, so neither a constant nor an operation here may change.
/// </summary>
/// <remarks>
/// Units are joined by FNV-1a over 16-bit units (Fowler, Noll, Vo; 64-bit offset basis and prime),
/// which extends one unit at a time, as n-grams need; <see cref="Finish"/> then mixes the bits with
/// the finalizer of MurmurHash3 (Appleby, 2011), because FNV leaves the high bits of short texts
/// nearly constant.
/// </remarks>
internal static class FeatureHash
{
    /// <summary>The state before the first unit.</summary>
    public const ulong Start = 0xCBF29CE484222325;

    /// <summary>The kind of whole and joined words.</summary>
    public const ulong WordKind = 0x9E3779B97F4A7C15;

    /// <summary>The kind of character n-grams.</summary>
    public const ulong GramKind = 0xC2B2AE3D27D4EB4F;

    /// <summary>What each unit multiplies by.</summary>
    public const ulong Prime = 0x00000100000001B3;

    /// <summary>What lies between the draws of a feature.</summary>
    public const ulong SpreadStep = 0xD1B54A32D192ED03;

    /// <summary>The first factor of the mixing.</summary>
    public const ulong FirstMix = 0xFF51AFD7ED558CCD;

    /// <summary>The second factor of the mixing.</summary>
    public const ulong SecondMix = 0xC4CEB9FE1A85EC53;

    /// <summary>How far the mixing shifts.</summary>
    public const int MixShift = 33;

    /// <summary>The state after one more unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Append(ulong state, ushort unit) => (state ^ unit) * Prime;

    /// <summary>The state after more units.</summary>
    public static ulong Append(ulong state, ReadOnlySpan<char> units)
    {
        foreach (char unit in units)
        {
            state = Append(state, unit);
        }

        return state;
    }

    /// <summary>The feature of a kind whose units led to this state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Finish(ulong state, ulong kind) => Mix(state ^ kind);

    /// <summary>The frequency bucket of a feature among 2^bitCount.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bucket(ulong feature, int bitCount) => (int)(feature >> (64 - bitCount));

    /// <summary>
    /// The n-th draw of a feature: its upper half chooses a coordinate, its lowest bit the sign.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Draw(ulong feature, int ordinal) =>
        Mix(feature + ((ulong)(ordinal + 1) * SpreadStep));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> MixShift)) * FirstMix;
        value = (value ^ (value >> MixShift)) * SecondMix;
        return value ^ (value >> MixShift);
    }
}
