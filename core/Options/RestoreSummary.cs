namespace NeuroDb;

/// <summary>What a restore made.</summary>
/// <param name="LastCommit">The number of the last commit that it holds.</param>
/// <param name="LastMoment">When that was.</param>
/// <param name="BaseCommit">The last commit of the files that it began with.</param>
/// <param name="ReplayedCommitCount">The commits of the log that it added.</param>
public sealed record RestoreSummary(
    long LastCommit, DateTimeOffset LastMoment, long BaseCommit, long ReplayedCommitCount);
