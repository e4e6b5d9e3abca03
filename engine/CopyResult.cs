namespace NeuroDb;

/// <summary>What a COPY FROM did.</summary>
/// <param name="RowsLoaded">The rows that are in the table now.</param>
/// <param name="RowsRejected">The rows that were left out.</param>
/// <param name="Rejects">The file or table that has them with the reasons, or null.</param>
public readonly record struct CopyResult(long RowsLoaded, long RowsRejected, string? Rejects);
