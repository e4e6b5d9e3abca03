namespace NeuroDb.Storage;

/// <summary>What a search did, for EXPLAIN and for calibration.</summary>
internal struct VectorSearchStatistics
{
    /// <summary>Lists whose codes were scanned.</summary>
    public long Lists;

    /// <summary>Codes that were scanned.</summary>
    public long Codes;

    /// <summary>Rows whose distance was computed.</summary>
    public long Reranked;

    /// <summary>Bytes of codes and rows that were read.</summary>
    public long Bytes;

    /// <summary>How long it took, where somebody measured it.</summary>
    public TimeSpan Elapsed;

    /// <summary>Both together.</summary>
    public readonly VectorSearchStatistics Plus(in VectorSearchStatistics other) => new()
    {
        Lists = Lists + other.Lists,
        Codes = Codes + other.Codes,
        Reranked = Reranked + other.Reranked,
        Bytes = Bytes + other.Bytes,
        Elapsed = Elapsed + other.Elapsed,
    };

    /// <summary>The share of what memory gives in that time; 0 if nobody measured it.</summary>
    public readonly double ShareOf(double bytesPerSecond) =>
        Elapsed > TimeSpan.Zero ? Bytes / (Elapsed.TotalSeconds * bytesPerSecond) : 0;
}
