namespace NeuroDb.Storage;

/// <summary>What is published: the newest visible commit and what belongs to it.</summary>
/// <param name="Timestamp">The timestamp of the commit; 0 for a new database.</param>
/// <param name="Catalog">The catalog.</param>
/// <param name="Generation">The layouts of the tables.</param>
internal readonly record struct EngineState(
    long Timestamp, CatalogView Catalog, Generation Generation);
