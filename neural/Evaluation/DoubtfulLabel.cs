namespace NeuroDb.Neural;

/// <summary>A row whose label is probably wrong.</summary>
/// <param name="Row">The number of the row.</param>
/// <param name="Label">The class that it is said to have.</param>
/// <param name="Suggested">The class that it probably has.</param>
/// <param name="OwnProbability">The probability of its label.</param>
/// <param name="SuggestedProbability">The probability of the class suggested.</param>
internal readonly record struct DoubtfulLabel(
    int Row, int Label, int Suggested, float OwnProbability, float SuggestedProbability);
