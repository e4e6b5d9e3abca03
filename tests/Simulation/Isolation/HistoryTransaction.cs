namespace NeuroDb.Tests.Simulation;

/// <summary>What the client of a transaction saw.</summary>
/// <param name="Number">Its place in the history.</param>
internal sealed class HistoryTransaction(int Number)
{
    /// <summary>Its place in the history.</summary>
    public int Number { get; } = Number;

    /// <summary>Its steps.</summary>
    public List<HistoryOperation> Operations { get; } = [];

    /// <summary>How it ended.</summary>
    public HistoryOutcome Outcome { get; set; } = HistoryOutcome.Unknown;

    /// <summary>A moment before it began.</summary>
    public long BeginTime { get; set; }

    /// <summary>A moment after it ended.</summary>
    public long EndTime { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    public override string ToString() =>
        $"T{Number} {Outcome} at {BeginTime}-{EndTime}: {string.Join(", ", Operations)}";
}
