namespace NeuroDb.Storage;

/// <summary>What opening a log found. Nothing in it is an error; errors are exceptions.</summary>
/// <param name="FrameCount">Intact frames from the start of the log on.</param>
/// <param name="GroupCount">Whole groups, each of which was replayed.</param>
/// <param name="RecordCount">Records given to the replay.</param>
/// <param name="EndAddress">Where the log ends and the next frame begins.</param>
/// <param name="TornBytes">
/// Bytes of the last group that a crash interrupted. It was never acknowledged; it is cut off.
/// </param>
/// <param name="ClosedCleanly">Whether the log was closed, not abandoned.</param>
internal sealed record LogRecoveryReport(
    long FrameCount,
    long GroupCount,
    long RecordCount,
    long EndAddress,
    long TornBytes,
    bool ClosedCleanly);
