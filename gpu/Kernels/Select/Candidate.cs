namespace NeuroDb.Gpu;

/// <summary>
/// A row and its distance. The order is total, by distance, then by id, so that the best k of a
/// set do not depend on the order in which its rows are visited.
/// </summary>
/// <param name="Distance">
/// The distance, or inside a <see cref="TopKHeap"/> the rank: a float, never NaN.
/// </param>
/// <param name="Id">The row.</param>
internal readonly record struct Candidate(double Distance, long Id) : IComparable<Candidate>
{
    /// <summary>Whether this one is closer than the other, or as close with the lower id.</summary>
    public bool IsBefore(Candidate other) =>
        Distance < other.Distance || (Distance == other.Distance && Id < other.Id);

    /// <inheritdoc/>
    public int CompareTo(Candidate other) =>
        IsBefore(other) ? -1 : other.IsBefore(this) ? 1 : 0;
}
