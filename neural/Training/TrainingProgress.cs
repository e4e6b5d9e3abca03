namespace NeuroDb.Neural;

/// <summary>One line of the log of a training.</summary>
/// <param name="Epoch">The pass, counted from 1.</param>
/// <param name="Step">Steps since the beginning.</param>
/// <param name="Loss">The mean loss of the examples of the pass so far.</param>
/// <param name="ValidationLoss">The validation loss at the end of a pass, else null.</param>
/// <param name="ValidationAccuracy">
/// The share of validation examples whose class is right, for classifiers at the end of a pass.
/// </param>
/// <param name="LearningRate">The rate of the last step.</param>
/// <param name="RowsPerSecond">Examples per second of this pass.</param>
/// <param name="Seconds">Since the beginning.</param>
/// <param name="IsEpochEnd">Whether the pass is complete.</param>
/// <param name="IsBest">Whether the weights of this moment are the best so far.</param>
internal sealed record TrainingProgress(
    int Epoch,
    long Step,
    double Loss,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double LearningRate,
    double RowsPerSecond,
    double Seconds,
    bool IsEpochEnd,
    bool IsBest);
