namespace NeuroDb.Query;

/// <summary>Some of the conditions of an input of a join.</summary>
/// <param name="Leaf">The number of the input.</param>
/// <param name="Parts">Which of its conditions, by the bits of their numbers.</param>
internal readonly record struct JoinPart(int Leaf, ulong Parts);
