namespace NeuroDb.Neural;

/// <summary>Signs by number, the same on every machine and in any order.</summary>
internal static class RandomSign
{
    /// <summary>1 or -1.</summary>
    /// <remarks>Mixed twice, because numbers in a row are too much alike after one time.</remarks>
    public static float Of(ulong seed, long number) =>
        (Hash64.Mix(Hash64.Mix(seed + (ulong)number)) >> 63) == 0 ? 1 : -1;
}
