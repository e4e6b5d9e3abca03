namespace NeuroDb.Gpu;

/// <summary>Device-side order of candidates: the one of <see cref="Candidate"/>.</summary>
internal static class DeviceOrder
{
    /// <summary>The index in a list where no candidate stands; its rank is infinite.</summary>
    public const int NoIndex = int.MaxValue;

    /// <summary>Whether one candidate comes before another; false where a rank is NaN.</summary>
    public static bool IsBefore(float rank, int index, float otherRank, int otherIndex) =>
        rank < otherRank || (rank == otherRank && index < otherIndex);
}
