namespace NeuroDb;

/// <summary>What a backup did.</summary>
/// <param name="FileCount">The files of tables that the backup consists of.</param>
/// <param name="SizeBytes">Their bytes.</param>
/// <param name="CopiedFileCount">Those of them that were not there from an earlier backup.</param>
/// <param name="CopiedSizeBytes">Their bytes.</param>
/// <param name="LastCommit">The number of the last commit that the backup holds.</param>
public sealed record BackupSummary(
    long FileCount,
    long SizeBytes,
    long CopiedFileCount,
    long CopiedSizeBytes,
    long LastCommit);
