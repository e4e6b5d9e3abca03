namespace NeuroDb.Storage;

/// <summary>
/// What a catalog holds in the orders in which a freeze goes through it: found before the commit
/// gate is taken, for which commits wait.
/// </summary>
internal sealed class FreezeOrder(CatalogView catalog)
{
    /// <summary>The catalog.</summary>
    public CatalogView Catalog { get; } = catalog;

    /// <summary>The tables, in ascending order of their numbers.</summary>
    public TableEntry[] Tables { get; } =
        [.. catalog.Tables.OrderBy(static table => table.Id)];

    /// <summary>The indexes, in ascending order of their numbers.</summary>
    public IndexSchema[] Indexes { get; } =
        [.. catalog.Indexes.Select(static index => index.Schema)
            .OrderBy(static index => index.Id)];

    /// <summary>The views, triggers and sequences, in the order of their keys.</summary>
    public CatalogObject[] Objects { get; } =
        [.. catalog.Objects.OrderBy(static value => value.Key, StringComparer.Ordinal)];
}
