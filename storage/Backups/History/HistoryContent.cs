namespace NeuroDb.Storage;

/// <summary>What the file HISTORY says.</summary>
/// <param name="Retention">How much is to be kept.</param>
/// <param name="Checkpoints">The checkpoints that are kept, the oldest first.</param>
internal sealed record HistoryContent(
    LogRetention Retention, IReadOnlyList<RetainedCheckpoint> Checkpoints)
{
    /// <summary>The content of a database that keeps nothing.</summary>
    public static HistoryContent Empty { get; } = new(LogRetention.None, []);
}
