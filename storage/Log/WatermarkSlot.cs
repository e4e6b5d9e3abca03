namespace NeuroDb.Storage;

/// <summary>One slot of the watermark file.</summary>
/// <param name="Position">How far the log was acknowledged.</param>
/// <param name="Clean">Whether a clean close wrote it.</param>
internal readonly record struct WatermarkSlot(LogPosition Position, bool Clean);
