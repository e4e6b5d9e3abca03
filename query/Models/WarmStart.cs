namespace NeuroDb.Query;

/// <summary>A training that goes on where a version ended.</summary>
/// <param name="Version">The version.</param>
/// <param name="FrozenLayers">How many of its first layers keep their weights.</param>
internal sealed record WarmStart(ModelVersion Version, int FrozenLayers);
