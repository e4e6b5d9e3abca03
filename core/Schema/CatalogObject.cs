namespace NeuroDb;

/// <summary>
/// A view, trigger, sequence or model: its text says all about it. Immutable; a changed one is
/// another object of the same kind and name.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name as written; names compare without regard to case.</param>
/// <param name="Sql">The text of the CREATE statement; of a model, what its kind says.</param>
internal sealed record CatalogObject(CatalogObjectKind Kind, string Name, string Sql)
{
    /// <summary>What it is called in the catalog, where names of two kinds may be equal.</summary>
    public string Key => KeyOf(Kind, Name);

    /// <summary>What an object of a kind and a name is called in the catalog.</summary>
    public static string KeyOf(CatalogObjectKind kind, string name) =>
        $"{(char)('0' + (int)kind)}{name}";
}
