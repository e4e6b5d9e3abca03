namespace NeuroDb.Storage;

/// <summary>A frame that was never acknowledged and is overwritten with zeros.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="SizeBytes">Its bytes, in whole blocks; it lies inside one page.</param>
internal readonly record struct CutRange(long Address, int SizeBytes);
