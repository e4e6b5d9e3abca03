namespace NeuroDb.Storage;

/// <summary>
/// A key that is looked for, without NULLs: given by values, or as the key of a row elsewhere.
/// </summary>
internal readonly ref struct SoughtKey
{
    private readonly int[] _ordinals;
    private readonly ReadOnlySpan<Value> _values;
    private readonly ColumnStore[]? _columns;
    private readonly int _row;

    private SoughtKey(
        int key, int[] ordinals, ulong hash, ReadOnlySpan<Value> values, ColumnStore[]? columns,
        int row, int[]? fetched = null)
    {
        Fetched = fetched;
        Key = key;
        _ordinals = ordinals;
        Hash = hash;
        _values = values;
        _columns = columns;
        _row = row;
    }

    /// <summary>The ordinal of the key among those of the table.</summary>
    public int Key { get; }

    /// <summary>The hash of the values.</summary>
    public ulong Hash { get; }

    /// <summary>The columns of the row that will be read; null if that is not known.</summary>
    public int[]? Fetched { get; }

    /// <summary>The columns of the key.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals;

    /// <summary>The value of a key of one column of whole numbers.</summary>
    public long Number => _columns is null
        ? _values[0].AsInt64()
        : ((ColumnStore<long>)_columns[_ordinals[0]]).Values[_row];

    /// <summary>A key given by values; false if one is NULL.</summary>
    public static bool TryOf(
        VersionedTable table, int key, ReadOnlySpan<Value> values, out SoughtKey sought,
        int[]? fetched = null)
    {
        int[] ordinals = table.Schema.Keys[key].Ordinals;
        bool isKey = KeyColumns.TryHash(table.Template, ordinals, values, out ulong hash);
        sought = new SoughtKey(key, ordinals, hash, values, null, 0, fetched);
        return isKey;
    }

    /// <summary>The key of a row that has no NULL in it.</summary>
    public static SoughtKey OfRow(
        TableSchema schema, int key, ColumnStore[] columns, int row, ulong hash) =>
        new(key, schema.Keys[key].Ordinals, hash, default, columns, row);

    /// <summary>Whether a row of another column has the value of one column of the key.</summary>
    /// <param name="i">Which column of the key.</param>
    /// <param name="column">The other column.</param>
    /// <param name="row">The row.</param>
    public bool IsAt(int i, ColumnStore column, int row) => _columns is null
        ? column.SameAs(row, _values[i])
        : column.SameAt(row, _columns[_ordinals[i]], _row);

    /// <summary>Whether a row of other columns has this key.</summary>
    public bool IsAt(ColumnStore[] columns, int row) => _columns is null
        ? KeyColumns.Same(_ordinals, columns, row, _values)
        : KeyColumns.Same(_ordinals, _columns, _row, columns, row);
}
