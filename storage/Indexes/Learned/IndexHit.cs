namespace NeuroDb.Storage;

/// <summary>A row that was found for one of many keys.</summary>
/// <param name="Key">Which key.</param>
/// <param name="Place">Where the row lies.</param>
internal readonly record struct IndexHit(int Key, RowPlace Place);
