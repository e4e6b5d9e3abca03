namespace NeuroDb.Query;

/// <summary>A sequence that a new column takes its numbers from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">Where it begins and how it goes on.</param>
internal sealed record NewSequence(string Name, SequenceOptions Options);
