using System.Collections.Immutable;

namespace NeuroDb.Storage;

/// <summary>
/// The tables as one snapshot sees them. Immutable; a change makes a new view with a new version,
/// so that equal versions mean equal catalogs. Views that hold a transaction's own, uncommitted
/// changes have negative versions.
/// </summary>
internal sealed class CatalogView
{
    private readonly ImmutableDictionary<string, TableEntry> _tables;

    private CatalogView(long version, ImmutableDictionary<string, TableEntry> tables)
    {
        Version = version;
        _tables = tables;
    }

    /// <summary>The catalog of a new database.</summary>
    public static CatalogView Empty { get; } = new(
        0,
        ImmutableDictionary.Create<string, TableEntry>(StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// The number of this catalog; a plan made under another one must be made again.
    /// </summary>
    public long Version { get; }

    /// <summary>All tables, in no order.</summary>
    public IEnumerable<TableEntry> Tables => _tables.Values;

    /// <summary>How many tables.</summary>
    public int Count => _tables.Count;

    /// <summary>The table of a name, without regard to case.</summary>
    public bool TryGetTable(string name, out TableEntry table) =>
        _tables.TryGetValue(name, out table!);

    /// <summary>Whether exactly this table is in the catalog.</summary>
    public bool Contains(TableEntry table) =>
        TryGetTable(table.Schema.Name, out TableEntry found) && ReferenceEquals(found, table);

    /// <summary>The catalog with one more table.</summary>
    public CatalogView With(TableEntry table, long version)
    {
        Invariant.Check(!_tables.ContainsKey(table.Schema.Name));
        return new CatalogView(version, _tables.Add(table.Schema.Name, table));
    }

    /// <summary>The catalog without a table.</summary>
    public CatalogView Without(TableEntry table, long version)
    {
        Invariant.Check(Contains(table));
        return new CatalogView(version, _tables.Remove(table.Schema.Name));
    }
}
