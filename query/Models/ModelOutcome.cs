namespace NeuroDb.Query;

/// <summary>What a model says about rows whose truth is known.</summary>
/// <param name="Outputs">(rows, outputs).</param>
/// <param name="Targets">
/// The number of the label of each row, -1 for one that was never trained; or the number that is
/// to be predicted; empty if there is no target.
/// </param>
/// <param name="Features">(rows, features), if they were asked for.</param>
/// <param name="Count">Rows.</param>
/// <param name="Rejected">Rows that gave no features.</param>
internal sealed record ModelOutcome(
    float[] Outputs, float[] Targets, float[] Features, int Count, long Rejected)
{
    /// <summary>The label of each row as a whole number.</summary>
    public int[] Classes => [.. Targets.Select(static it => (int)it)];
}
