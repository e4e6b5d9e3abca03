namespace NeuroDb.Neural;

/// <summary>How towers are trained.</summary>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="Negatives">Items that were not chosen, for each that was.</param>
/// <param name="LearningRate">The first rate of a row.</param>
/// <param name="WeightDecay">What vectors shrink by.</param>
/// <param name="Seed">Where all randomness begins.</param>
internal sealed record TwoTowerOptions(
    int Dimension, int Negatives, double LearningRate, double WeightDecay, ulong Seed);
