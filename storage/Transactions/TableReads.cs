namespace NeuroDb.Storage;

/// <summary>
/// What a serializable transaction has read of one table: rows by key, or all of it. Safe for the
/// threads of one statement.
/// </summary>
internal sealed class TableReads
{
    // Beyond this, remembering that the table was read is cheaper than remembering what.
    private const int LookupCountMax = 16_384;
    private const long AnyRow = long.MinValue;
    private readonly object _gate = new();
    private readonly List<Lookup> _lookups = [];
    private bool _isScanned;

    /// <summary>Notes that rows were read other than by a key.</summary>
    public void AddScan()
    {
        lock (_gate)
        {
            _isScanned = true;
            _lookups.Clear();
        }
    }

    /// <summary>Notes that a key was looked up.</summary>
    /// <param name="key">The ordinal of the key.</param>
    /// <param name="values">Its values.</param>
    /// <param name="rowId">The committed row that has it, or -1.</param>
    public void AddLookup(int key, ReadOnlySpan<Value> values, long rowId)
    {
        lock (_gate)
        {
            if (_isScanned)
            {
                return;
            }

            _lookups.Add(new Lookup(key, values.ToArray(), rowId));
            if (_lookups.Count > LookupCountMax)
            {
                _isScanned = true;
                _lookups.Clear();
            }
        }
    }

    /// <summary>Notes that a key must be there when the transaction commits.</summary>
    public void AddPresence(int key, ReadOnlySpan<Value> values)
    {
        lock (_gate)
        {
            if (!_isScanned)
            {
                _lookups.Add(new Lookup(key, values.ToArray(), AnyRow));
            }
        }
    }

    /// <summary>
    /// Notes that a key of a unique index must be there when the transaction commits.
    /// </summary>
    public void AddPresence(LearnedIndex index, ReadOnlySpan<Value> values)
    {
        lock (_gate)
        {
            if (!_isScanned)
            {
                _lookups.Add(new Lookup(-1, values.ToArray(), AnyRow) { Index = index });
            }
        }
    }

    /// <summary>
    /// Whether the newest commits would give the same answers as the snapshot; under the commit
    /// gate.
    /// </summary>
    public bool IsCurrent(VersionedTable table, long timestamp)
    {
        lock (_gate)
        {
            return table.LastChange <= timestamp
                || (!_isScanned && _lookups.TrueForAll(lookup => IsCurrent(table, lookup)));
        }
    }

    private static bool IsCurrent(VersionedTable table, Lookup lookup)
    {
        if (lookup.Index is not null)
        {
            return UniqueIndexRows.IsThere(
                table, lookup.Index, lookup.Values, long.MaxValue - 1);
        }

        bool isKey = SoughtKey.TryOf(table, lookup.Key, lookup.Values, out SoughtKey sought);
        Invariant.Check(isKey, "a key with a NULL is not looked up");
        long rowId = table.Layout.TryFind(sought, long.MaxValue - 1, out long found) ? found : -1;
        return lookup.RowId == AnyRow ? rowId >= 0 : rowId == lookup.RowId;
    }

    private readonly record struct Lookup(int Key, Value[] Values, long RowId)
    {
        // The unique index whose key it is, in the place of a key of the schema.
        public LearnedIndex? Index { get; init; }
    }
}
