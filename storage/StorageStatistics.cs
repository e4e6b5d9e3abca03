namespace NeuroDb.Storage;

/// <summary>Figures about an open database, taken at one moment.</summary>
/// <param name="CommitTimestamp">The newest visible commit.</param>
/// <param name="CommitCount">Commits since opening.</param>
/// <param name="WriteCount">Writes of the log since opening.</param>
/// <param name="LogBytes">Bytes handed to the log since opening.</param>
/// <param name="TableCount">Tables.</param>
/// <param name="RowCount">Rows that live.</param>
/// <param name="VersionCount">Versions of rows in memory, dead ones included.</param>
/// <param name="IndexBytes">Bytes of the key indexes.</param>
internal sealed record StorageStatistics(
    long CommitTimestamp,
    long CommitCount,
    long WriteCount,
    long LogBytes,
    int TableCount,
    long RowCount,
    long VersionCount,
    long IndexBytes);
