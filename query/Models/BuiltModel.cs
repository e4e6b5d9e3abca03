using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>A model that was trained and is not stored yet.</summary>
/// <param name="Package">What is to be stored.</param>
/// <param name="Info">What the catalog is to know; its number and identity are still open.</param>
/// <param name="Facts">How it came about.</param>
/// <param name="Log">A line for each pass.</param>
internal sealed record BuiltModel(
    ModelPackage Package,
    ModelVersionInfo Info,
    ModelFacts Facts,
    IReadOnlyList<TrainingProgress> Log);
