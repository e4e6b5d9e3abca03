namespace NeuroDb.Query;

/// <summary>A row that a contract of precision left out.</summary>
/// <param name="Query">The number of the query.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Target">What was predicted.</param>
/// <param name="Label">The label that it said.</param>
/// <param name="Probability">How probable that was.</param>
/// <param name="Threshold">How probable it had to be.</param>
/// <param name="Inputs">What the model read, as JSON.</param>
/// <param name="Microseconds">When, since 1970-01-01 UTC.</param>
internal sealed record AbstainedRow(
    long Query,
    string Model,
    int Version,
    string Target,
    string Label,
    double Probability,
    double Threshold,
    string Inputs,
    long Microseconds);
