namespace NeuroDb.Query;

/// <summary>Rows in a <see cref="SpillFile"/>.</summary>
/// <param name="Offset">Where their bytes begin.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="RowCount">How many rows.</param>
/// <param name="Large">What opens the large values of each column, null for none.</param>
internal sealed record SpillBlock(
    long Offset, int Length, int RowCount, ILargeValues?[] Large);
