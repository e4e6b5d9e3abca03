namespace NeuroDb.Storage;

/// <summary>What the directory of a segment says about the values of a column of a chunk.</summary>
/// <param name="RowCount">The rows of the chunk.</param>
/// <param name="NullCount">How many of them are NULL.</param>
/// <param name="HasBounds">
/// Whether the bounds are known; they are not for vectors, for floating point with a NaN, and
/// where all rows are NULL.
/// </param>
/// <param name="IsExact">
/// Whether the bounds are values of the column; otherwise they only enclose them.
/// </param>
/// <param name="Minimum">No value of the column is lower.</param>
/// <param name="Maximum">No value of the column is higher.</param>
internal readonly record struct ZoneMap(
    int RowCount, int NullCount, bool HasBounds, bool IsExact, Value Minimum, Value Maximum);
