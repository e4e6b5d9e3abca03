namespace NeuroDb.Neural;

/// <summary>Rows whose probability lies in one stretch.</summary>
/// <param name="Low">Where the stretch begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="Count">Rows.</param>
/// <param name="MeanProbability">What was said, on average.</param>
/// <param name="Share">What was true of so many.</param>
internal sealed record CalibrationBin(
    double Low, double High, long Count, double MeanProbability, double Share);
