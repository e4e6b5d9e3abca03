namespace NeuroDb.Neural;

/// <summary>Two rows that are equal or nearly so.</summary>
/// <param name="First">The number of the earlier row.</param>
/// <param name="Second">The number of the later row.</param>
/// <param name="Similarity">The share of common members, 1 for equal rows.</param>
internal readonly record struct DuplicatePair(int First, int Second, double Similarity);
