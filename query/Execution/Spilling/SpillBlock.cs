namespace NeuroDb.Query;

/// <summary>Rows in a <see cref="SpillFile"/>.</summary>
/// <param name="Offset">Where their bytes begin.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="RowCount">How many rows.</param>
internal readonly record struct SpillBlock(long Offset, int Length, int RowCount);
