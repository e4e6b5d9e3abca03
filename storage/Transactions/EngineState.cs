namespace NeuroDb.Storage;

/// <summary>What is published: the newest visible commit and the catalog at that commit.</summary>
/// <param name="Timestamp">The timestamp of the commit; 0 for a new database.</param>
/// <param name="Catalog">The catalog.</param>
internal sealed record EngineState(long Timestamp, CatalogView Catalog);
