using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Finds indexes by name, and binds the statements that take one.</summary>
internal static class IndexLookup
{
    /// <summary>The index of a name; an error with the nearest name if there is none.</summary>
    public static IndexEntry Find(NameSyntax name, CatalogView catalog)
    {
        if (catalog.TryGetIndex(name.Key, out IndexEntry index))
        {
            return index;
        }

        IEnumerable<string> names = catalog.Indexes.Select(static known => known.Schema.Name);
        throw new NeuroStoreException(
            ErrorCode.UnknownIndex,
            $"There is no index {name.Text}.{NearMatch.Hint(name.Last, names)}",
            name.Position);
    }

    /// <summary>The bound statement of ALTER INDEX.</summary>
    public static BoundStatement Bind(AlterIndexStatementSyntax syntax, Binder binder)
    {
        bool isMissing = syntax.IfExists && !binder.Catalog.TryGetIndex(syntax.Index.Key, out _);
        return new BoundRenameIndex(
            isMissing ? null : Find(syntax.Index, binder.Catalog),
            syntax.Index.Key,
            syntax.NewName.Name);
    }

    /// <summary>The bound statement of REINDEX.</summary>
    public static BoundStatement Bind(ReindexStatementSyntax syntax, Binder binder)
    {
        CatalogView catalog = binder.Catalog;
        if (syntax.Name is null)
        {
            return new BoundReindex([.. catalog.Indexes]);
        }

        bool isTable = syntax.IsTable
            || (!syntax.IsIndex && catalog.TryGetTable(syntax.Name.Key, out _));
        return new BoundReindex(isTable
            ? catalog.IndexesOf(binder.BindTable(syntax.Name))
            : [Find(syntax.Name, catalog)]);
    }
}
