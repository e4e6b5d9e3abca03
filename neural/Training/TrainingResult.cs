namespace NeuroDb.Neural;

/// <summary>What a training gives.</summary>
/// <param name="Weights">The best weights, of the network's parameter length.</param>
/// <param name="Log">One line for each pass.</param>
/// <param name="BestEpoch">The pass whose weights these are.</param>
/// <param name="RowCount">Examples of one pass.</param>
/// <param name="WeightHash">The SHA-256 of the weights.</param>
internal sealed record TrainingResult(
    Memory<float> Weights,
    IReadOnlyList<TrainingProgress> Log,
    int BestEpoch,
    long RowCount,
    string WeightHash);
