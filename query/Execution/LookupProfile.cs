namespace NeuroDb.Query;

/// <summary>What was measured of the look-ups of a change.</summary>
/// <param name="Keys">The keys that were looked up.</param>
/// <param name="Rows">The rows that were found.</param>
/// <param name="How">By what, where the number of keys decides it; else empty.</param>
internal readonly record struct LookupProfile(long Keys, long Rows, string How);
