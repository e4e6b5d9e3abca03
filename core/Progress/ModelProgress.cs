namespace NeuroDb;

/// <summary>How far the training of a model is.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Version">The number that the version gets.</param>
/// <param name="Epoch">The pass over the rows, from 1.</param>
/// <param name="Epochs">The most passes; fewer if it ends early.</param>
/// <param name="RowsDone">The rows of the pass so far.</param>
/// <param name="RowsTotal">The rows of a pass.</param>
/// <param name="Loss">The mean loss of the rows of the pass so far.</param>
/// <param name="ValidationLoss">The loss on the validation rows at the end of a pass.</param>
/// <param name="Seconds">The time since the training began.</param>
public readonly record struct ModelProgress(
    string Model,
    int Version,
    int Epoch,
    int Epochs,
    long RowsDone,
    long RowsTotal,
    double Loss,
    double? ValidationLoss,
    double Seconds);
