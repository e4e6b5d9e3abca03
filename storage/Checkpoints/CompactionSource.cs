namespace NeuroDb.Storage;

/// <summary>What the choice of parts to rewrite knows of one part of a table.</summary>
/// <param name="IsDelta">Whether its rows are only in memory and the log.</param>
/// <param name="RowCount">Its rows, dead ones included.</param>
/// <param name="LiveCount">Those that live.</param>
/// <param name="SizeBytes">The bytes of all its rows on disk, roughly.</param>
internal readonly record struct CompactionSource(
    bool IsDelta, long RowCount, long LiveCount, long SizeBytes)
{
    /// <summary>The bytes of the rows that live, roughly.</summary>
    public long LiveSizeBytes =>
        RowCount == 0 ? 0 : (long)((double)SizeBytes * LiveCount / RowCount);
}
