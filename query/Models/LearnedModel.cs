using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>A model that was trained and has not been judged yet.</summary>
/// <param name="Package">The model.</param>
/// <param name="Facts">How it came about, without what judging adds.</param>
/// <param name="Unusable">Training rows that gave no features.</param>
/// <param name="Log">A line for each pass.</param>
internal sealed record LearnedModel(
    ModelPackage Package, ModelFacts Facts, long Unusable, IReadOnlyList<TrainingProgress> Log);
