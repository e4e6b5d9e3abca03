namespace NeuroDb.Neural;

/// <summary>What moved a prediction: the base and the shares add up to it.</summary>
/// <param name="Base">What the model says of other rows on average.</param>
/// <param name="Prediction">What it says of this row.</param>
/// <param name="Shares">The share of each group of features.</param>
/// <param name="StandardErrors">How far sampling may have moved each share.</param>
internal sealed record FeatureShares(
    double Base, double Prediction, double[] Shares, double[] StandardErrors);
