namespace NeuroDb.Gpu;

/// <summary>
/// What is kept beside the code of a row of a list: its <see cref="CodeFactors"/>, and the part of
/// the rank that no query changes when the head of the code alone is looked at.
/// </summary>
/// <param name="HeadAdd">In the place of Add where the rank is estimated by the head.</param>
/// <param name="Add">The part of the rank that no query changes.</param>
/// <param name="Scale">What the product of code and query is multiplied by; at most 0.</param>
/// <param name="Error">
/// One standard deviation of the estimate, for a query at distance 1 from the centroid.
/// </param>
internal readonly record struct ListFactors(
    float HeadAdd, float Add, float Scale, float Error);
