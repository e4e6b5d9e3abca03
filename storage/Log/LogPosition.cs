namespace NeuroDb.Storage;

/// <summary>A point between two frames of a log.</summary>
/// <param name="Address">Where the next frame begins.</param>
/// <param name="Lsn">The number of the frame before.</param>
/// <param name="Chain">The stamp of the first sector of the frame before.</param>
internal readonly record struct LogPosition(long Address, long Lsn, uint Chain);
