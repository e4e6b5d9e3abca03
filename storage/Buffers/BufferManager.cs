namespace NeuroDb.Storage;

/// <summary>
/// Keeps what was read from segment files in memory, within a budget of bytes that the rows in
/// memory share. Entries live in the slots of their owners,; the
/// manager decides, by a clock, which of them are let go. Safe for many threads.
/// </summary>
internal sealed class BufferManager(long budgetBytes)
{
    private readonly string _state = "a finished build";

    /// <summary>The bytes that may be held, deltas included.</summary>
    public long BudgetBytes { get; } = budgetBytes;

    /// <summary>The counters of now.</summary>
    public BufferStatistics Statistics => throw Unfinished();

    /// <summary>Tells that the rows in memory grew or, if negative, shrank by some bytes.</summary>
    public void ReportDelta(long bytes) => throw Unfinished();

    private NeuroStoreException Unfinished() => Invariant.Broken(_state);
}
