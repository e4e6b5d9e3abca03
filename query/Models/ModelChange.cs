namespace NeuroDb.Query;

/// <summary>What a training left in the catalog.</summary>
/// <param name="Model">The model afterwards.</param>
/// <param name="Version">The number of the new version.</param>
/// <param name="Facts">How it came about.</param>
internal sealed record ModelChange(ModelDefinition Model, int Version, ModelFacts Facts);
