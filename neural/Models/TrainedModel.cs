namespace NeuroDb.Neural;

/// <summary>A model and how it came about.</summary>
/// <param name="Model">The model.</param>
/// <param name="Log">One line for each pass; empty for models that have none.</param>
/// <param name="BestEpoch">The pass whose weights these are, or 0.</param>
/// <param name="RowCount">Rows that were trained on.</param>
/// <param name="WeightHash">The SHA-256 of all numbers.</param>
internal sealed record TrainedModel(
    Model Model,
    IReadOnlyList<TrainingProgress> Log,
    int BestEpoch,
    long RowCount,
    string WeightHash);
