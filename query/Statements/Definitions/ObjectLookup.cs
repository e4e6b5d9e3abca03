using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Finds views, triggers, sequences and models by name.</summary>
internal static class ObjectLookup
{
    /// <summary>The object of a name; an error with the nearest name if there is none.</summary>
    public static CatalogObject Find(
        CatalogObjectKind kind, NameSyntax name, CatalogView catalog) =>
        catalog.TryGetObject(kind, name.Key, out CatalogObject known)
            ? known
            : throw Unknown(kind, name, catalog);

    /// <summary>What a kind is called.</summary>
    public static string Word(CatalogObjectKind kind) => kind switch
    {
        CatalogObjectKind.View => "view",
        CatalogObjectKind.Trigger => "trigger",
        CatalogObjectKind.Model => "model",
        CatalogObjectKind.Function => "function",
        CatalogObjectKind.Type => "type",
        CatalogObjectKind.Schema => "schema",
        _ => "sequence",
    };

    /// <summary>The error for a name that nothing has.</summary>
    public static NeuroStoreException Unknown(
        CatalogObjectKind kind, NameSyntax name, CatalogView catalog)
    {
        IEnumerable<string> names = catalog.Objects
            .Where(known => known.Kind == kind)
            .Select(static known => known.Name);
        string hint = catalog.TryGetTable(name.Key, out _)
            ? $" {name.Key} is a table."
            : NearMatch.Hint(name.Key, names);
        return new NeuroStoreException(
            ErrorCode.UnknownObject, $"There is no {Word(kind)} {name.Text}.{hint}", name.Position);
    }
}
