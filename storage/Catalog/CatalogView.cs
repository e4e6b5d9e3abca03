using System.Collections.Immutable;

namespace NeuroDb.Storage;

/// <summary>
/// The tables and indexes as one snapshot sees them. Immutable; a change makes a new view with a
/// new version, so that equal versions mean equal catalogs. Views that hold a transaction's own,
/// uncommitted changes have negative versions.
/// </summary>
internal sealed class CatalogView
{
    private readonly ImmutableDictionary<string, TableEntry> _tables;
    private readonly ImmutableDictionary<string, IndexEntry> _indexes;
    private readonly ImmutableDictionary<string, CatalogObject> _objects;
    private Dictionary<int, IndexEntry[]>? _indexesByTable;

    private CatalogView(
        long version,
        ImmutableDictionary<string, TableEntry> tables,
        ImmutableDictionary<string, IndexEntry> indexes,
        ImmutableDictionary<string, CatalogObject> objects)
    {
        Version = version;
        _tables = tables;
        _indexes = indexes;
        _objects = objects;
    }

    /// <summary>The catalog of a new database.</summary>
    public static CatalogView Empty { get; } = new(
        0,
        ImmutableDictionary.Create<string, TableEntry>(StringComparer.OrdinalIgnoreCase),
        ImmutableDictionary.Create<string, IndexEntry>(StringComparer.OrdinalIgnoreCase),
        ImmutableDictionary.Create<string, CatalogObject>(StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// The number of this catalog; a plan made under another one must be made again.
    /// </summary>
    public long Version { get; }

    /// <summary>
    /// What the layer above made of this catalog, which keeps it: the same whoever makes it.
    /// </summary>
    public object? Derived { get; set; }

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
        return new CatalogView(
            version, _tables.Add(table.Schema.Name, table), _indexes, _objects);
    }

    /// <summary>The catalog without a table and its indexes.</summary>
    public CatalogView Without(TableEntry table, long version)
    {
        Invariant.Check(Contains(table));
        return new CatalogView(
            version,
            _tables.Remove(table.Schema.Name),
            _indexes.RemoveRange(IndexesOf(table).Select(static index => index.Schema.Name)),
            _objects);
    }

    /// <summary>All indexes, in no order.</summary>
    public IEnumerable<IndexEntry> Indexes => _indexes.Values;

    /// <summary>The index of a name, without regard to case.</summary>
    public bool TryGetIndex(string name, out IndexEntry index) =>
        _indexes.TryGetValue(name, out index!);

    /// <summary>Whether exactly this index is in the catalog.</summary>
    public bool Contains(IndexEntry index) =>
        TryGetIndex(index.Schema.Name, out IndexEntry found) && ReferenceEquals(found, index);

    /// <summary>The indexes of a table, in the order of their numbers.</summary>
    public IReadOnlyList<IndexEntry> IndexesOf(TableEntry table) => _indexes.IsEmpty
        ? []
        : IndexesByTable().GetValueOrDefault(table.Id, []);

    /// <summary>The numbers of all indexes.</summary>
    public HashSet<int> IndexIds() =>
        [.. _indexes.Values.Select(static index => index.Schema.Id)];

    /// <summary>The catalog with one more index.</summary>
    public CatalogView With(IndexEntry index, long version)
    {
        Invariant.Check(!_indexes.ContainsKey(index.Schema.Name));
        return new CatalogView(
            version, _tables, _indexes.Add(index.Schema.Name, index), _objects);
    }

    /// <summary>The catalog without an index.</summary>
    public CatalogView Without(IndexEntry index, long version)
    {
        Invariant.Check(Contains(index));
        return new CatalogView(
            version, _tables, _indexes.Remove(index.Schema.Name), _objects);
    }

    /// <summary>
    /// The catalog with another definition of a table of the same number, whose indexes stay.
    /// </summary>
    public CatalogView Replacing(TableEntry table, TableEntry other, long version)
    {
        Invariant.Check(table.Id == other.Id);

        // Of tables that exchange their names, one has the other's name already.
        ImmutableDictionary<string, TableEntry> others =
            Contains(table) ? _tables.Remove(table.Schema.Name) : _tables;
        return new CatalogView(
            version,
            others.SetItem(other.Schema.Name, other),
            _indexes,
            _objects);
    }

    /// <summary>The views, triggers and sequences, in no order.</summary>
    public IEnumerable<CatalogObject> Objects => _objects.Values;

    /// <summary>The view, trigger or sequence of a name, without regard to case.</summary>
    public bool TryGetObject(CatalogObjectKind kind, string name, out CatalogObject value)
    {
        value = null!;
        return !_objects.IsEmpty
            && _objects.TryGetValue(CatalogObject.KeyOf(kind, name), out value!);
    }

    /// <summary>Whether exactly this object is in the catalog.</summary>
    public bool Contains(CatalogObject value) =>
        TryGetObject(value.Kind, value.Name, out CatalogObject found)
        && ReferenceEquals(found, value);

    /// <summary>The catalog with an object, in the place of one of its kind and name.</summary>
    public CatalogView With(CatalogObject value, long version) =>
        new(version, _tables, _indexes, _objects.SetItem(value.Key, value));

    /// <summary>The catalog without an object.</summary>
    public CatalogView Without(CatalogObject value, long version)
    {
        Invariant.Check(TryGetObject(value.Kind, value.Name, out _));
        return new CatalogView(version, _tables, _indexes, _objects.Remove(value.Key));
    }

    /// <summary>The catalog with all that another one has, which hides equal names.</summary>
    public CatalogView Under(CatalogView other, long version) => new(
        version,
        _tables.SetItems(other._tables),
        _indexes.SetItems(other._indexes),
        _objects.SetItems(other._objects));

    private Dictionary<int, IndexEntry[]> IndexesByTable() => _indexesByTable ??= _indexes.Values
        .GroupBy(static index => index.Schema.TableId)
        .ToDictionary(
            static group => group.Key,
            static group => group.OrderBy(static index => index.Schema.Id).ToArray());
}
