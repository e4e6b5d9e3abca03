namespace NeuroDb.Gpu;

/// <summary>
/// What is kept beside the code of a vector, so that its rank against any query can be estimated
/// and bounded: see <see cref="ResidualCode"/>.
/// </summary>
/// <param name="Add">The part of the rank that no query changes.</param>
/// <param name="Scale">What the product of code and query is multiplied by.</param>
/// <param name="Error">
/// One standard deviation of the estimate, for a query at distance 1 from the centroid.
/// </param>
internal readonly record struct CodeFactors(float Add, float Scale, float Error);
