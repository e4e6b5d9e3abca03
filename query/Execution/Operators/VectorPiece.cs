using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The vectors of one slice, as a scan reads them.</summary>
/// <param name="Store">The rows.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstId">The number of the first.</param>
/// <param name="Mask">Which rows are candidates; empty for all.</param>
/// <param name="IsSettled">
/// Whether the store keeps these rows, so that a copy in bytes may be kept with it.
/// </param>
/// <param name="Version">
/// The number of the rows by which a device may keep them; 0 where they may change.
/// </param>
internal readonly record struct VectorPiece(
    VectorColumnStore Store, int Count, long FirstId, ulong[] Mask, bool IsSettled = false,
    long Version = 0);
