namespace NeuroDb.Storage;

/// <summary>What a ranking needs to know about all texts that a snapshot sees.</summary>
/// <param name="TextCount">How many texts; NULL is none.</param>
/// <param name="LengthSum">The words of all of them.</param>
/// <param name="TextCounts">For each term of the query, how many texts have it.</param>
internal sealed record TextStatistics(long TextCount, long LengthSum, long[] TextCounts);
