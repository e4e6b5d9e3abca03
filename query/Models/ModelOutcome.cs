namespace NeuroDb.Query;

/// <summary>What a model says about rows whose truth is known.</summary>
/// <param name="Outputs">(rows, outputs).</param>
/// <param name="Targets">
/// The number of the label of each row, -1 for one that was never trained; or the number that is
/// to be predicted; (rows, targets) of several; empty if there is no target.
/// </param>
/// <param name="Features">(rows, features), if they were asked for.</param>
/// <param name="Count">Rows.</param>
/// <param name="Rejected">Rows that gave no features.</param>
internal sealed record ModelOutcome(
    float[] Outputs, float[] Targets, float[] Features, int Count, long Rejected)
{
    /// <summary>The label of each row as a whole number.</summary>
    public int[] Classes => [.. Targets.Select(static it => (int)it)];

    /// <summary>What is said of one of several targets, and its truth.</summary>
    public ModelOutcome Of(TargetPlace place, int ordinal, int targets)
    {
        if (targets <= 1 || Count == 0)
        {
            return this;
        }

        int width = Outputs.Length / Count;
        var outputs = new float[Count * place.Width];
        var truth = new float[Count];
        for (int row = 0; row < Count; row++)
        {
            Outputs.AsSpan((row * width) + place.Offset, place.Width)
                .CopyTo(outputs.AsSpan(row * place.Width));
            truth[row] = Targets[(row * targets) + ordinal];
        }

        return this with { Outputs = outputs, Targets = truth };
    }
}
