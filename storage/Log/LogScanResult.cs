namespace NeuroDb.Storage;

/// <summary>What a verified log holds and where it goes on.</summary>
/// <param name="Identity">What the log is fixed to.</param>
/// <param name="End">The end of the last whole group.</param>
/// <param name="Extent">Where to append, and how far the files reach.</param>
/// <param name="Cuts">Frames after the end, in order, to overwrite before appending.</param>
/// <param name="Report">The figures for the caller.</param>
internal sealed record LogScanResult(
    LogIdentity Identity,
    LogPosition End,
    LogExtent Extent,
    IReadOnlyList<CutRange> Cuts,
    LogRecoveryReport Report);
