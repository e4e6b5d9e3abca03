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
    private const long Newest = long.MaxValue - 1;

    // So many keys are looked up together.
    private const int TogetherCountMin = 16;
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
                || (!_isScanned && AreCurrent(table));
        }
    }

    // Many of one key are looked up together: nobody else commits meanwhile.
    private bool AreCurrent(VersionedTable table)
    {
        foreach (IGrouping<int, Lookup> group in _lookups.GroupBy(static lookup => lookup.Key))
        {
            Lookup[] lookups = [.. group];
            bool isCurrent = group.Key < 0 || lookups.Length < TogetherCountMin
                ? Array.TrueForAll(lookups, lookup => IsCurrent(table, lookup))
                : AreCurrent(table, group.Key, lookups);
            if (!isCurrent)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreCurrent(VersionedTable table, int key, Lookup[] lookups)
    {
        int[] ordinals = table.Schema.Keys[key].Ordinals;
        var columns = new ColumnBuffer[ordinals.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(
                table.Schema.Columns[ordinals[i]].Type, lookups.Length);
            foreach (Lookup lookup in lookups)
            {
                builder.Append(lookup.Values[i]);
            }

            columns[i] = builder.Build();
        }

        var places = new RowPlace[lookups.Length];
        KeyLookups.Find(table.Layout, table, key, columns, Newest, places);
        for (int i = 0; i < places.Length; i++)
        {
            long rowId = places[i].Row < 0 ? -1 : TableSnapshot.AddressOf(places[i]).RowId;
            if (!lookups[i].IsCurrent(rowId))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCurrent(VersionedTable table, Lookup lookup)
    {
        if (lookup.Index is not null)
        {
            return UniqueIndexRows.IsThere(
                table, lookup.Index, lookup.Values, Newest);
        }

        bool isKey = SoughtKey.TryOf(table, lookup.Key, lookup.Values, out SoughtKey sought);
        Invariant.Check(isKey, "a key with a NULL is not looked up");
        return lookup.IsCurrent(table.Layout.TryFind(sought, Newest, out long found) ? found : -1);
    }

    private readonly record struct Lookup(int Key, Value[] Values, long RowId)
    {
        // The unique index whose key it is, in the place of a key of the schema.
        public LearnedIndex? Index { get; init; }

        // Whether the row that has the key is as it was, or there at all if that is enough.
        public bool IsCurrent(long rowId) => RowId == AnyRow ? rowId >= 0 : rowId == RowId;
    }
}
