using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>One training of a search.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Options">What was tried, as text.</param>
/// <param name="Share">The share of the full training that it got.</param>
/// <param name="Metric">What came of it on the validation rows; null if nothing did.</param>
/// <param name="ValidationRows">Rows that judged it.</param>
/// <param name="TrainRows">Rows that trained it.</param>
/// <param name="Epochs">Passes that it ran.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="State">done, stopped by the limit of time, or failed and why.</param>
internal sealed record Trial(
    int Number,
    string Options,
    double Share,
    JudgedMetric? Metric,
    long ValidationRows,
    long TrainRows,
    long Epochs,
    double Seconds,
    string State)
{
    /// <summary>A trial that ran to its end.</summary>
    public const string Done = "done";

    /// <summary>A trial that the limit of time ended.</summary>
    public const string Stopped = "stopped";
}
