namespace NeuroDb.Storage;

/// <summary>Figures of an index at a moment.</summary>
/// <param name="Structure">What finds the rows: "learned", "tree", "list", ..</param>
/// <param name="RowCount">The row versions that it holds.</param>
/// <param name="SizeBytes">The bytes that it takes beside the keys.</param>
/// <param name="RunCount">Its runs or lists.</param>
/// <param name="SegmentCount">The pieces of its models.</param>
/// <param name="ErrorBound">The greatest distance between a guess and the place.</param>
/// <param name="LookupCount">Lookups since opening.</param>
/// <param name="DistinctCount">The different codes of the first column, summed over runs.</param>
internal readonly record struct IndexStatistics(
    string Structure,
    long RowCount,
    long SizeBytes,
    long RunCount = 0,
    long SegmentCount = 0,
    long ErrorBound = 0,
    long LookupCount = 0,
    long DistinctCount = 0);
