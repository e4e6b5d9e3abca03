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
}
