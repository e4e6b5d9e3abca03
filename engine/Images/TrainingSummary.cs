namespace NeuroDb;

/// <summary>What a training gave.</summary>
/// <param name="Model">The name of the model; predict it by this name in SQL.</param>
/// <param name="Version">The version; 0 if it was not saved.</param>
/// <param name="Metric">What was measured on rows that did not train.</param>
/// <param name="Value">The metric.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Baseline">The same metric of always saying the most frequent label.</param>
/// <param name="Verdict">The comparison of both in words.</param>
/// <param name="RowsTrained">Rows that trained.</param>
/// <param name="RowsRejected">Rows that could not be used.</param>
/// <param name="Seconds">The time of the training.</param>
public sealed record TrainingSummary(
    string Model,
    int Version,
    string Metric,
    double Value,
    double Low,
    double High,
    double Baseline,
    string Verdict,
    long RowsTrained,
    long RowsRejected,
    double Seconds);
