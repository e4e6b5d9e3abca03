namespace NeuroDb.Storage;

/// <summary>
/// The greatest value that a key of one whole-number column ever had. Rows that arrive in key order
/// lie above it, and need no look into the index to be known as new. One writer, many readers.
/// </summary>
internal sealed class KeyMaximum
{
    private readonly int _ordinal = -1;
    private long _maximum = long.MinValue;

    /// <summary>Makes the maximum of a key; it stays unknown for other kinds of keys.</summary>
    public KeyMaximum(TableSchema schema, KeySchema key)
    {
        if (key.Ordinals.Length == 1
            && schema.Columns[key.Ordinals[0]].Type.Physical == PhysicalKind.Int64)
        {
            _ordinal = key.Ordinals[0];
        }
    }

    /// <summary>
    /// The maximum; null if it is not kept for this kind of key, the least number if there was
    /// none.
    /// </summary>
    public long? Value => _ordinal < 0 ? null : Volatile.Read(ref _maximum);

    /// <summary>Starts from the maximum of before.</summary>
    public void Restore(long? maximum)
    {
        Invariant.Check(maximum is null == _ordinal < 0);
        Volatile.Write(ref _maximum, maximum ?? long.MinValue);
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear() => Volatile.Write(ref _maximum, long.MinValue);

    /// <summary>Whether the key of a row, which is not NULL, lies above all keys so far.</summary>
    public bool IsBelow(ColumnStore[] columns, int row) =>
        _ordinal >= 0
        && ((ColumnStore<long>)columns[_ordinal]).Values[row] > Volatile.Read(ref _maximum);

    /// <summary>Takes in the keys of rows, of which some may be NULL.</summary>
    public void Observe(ColumnStore[] columns, int start, int count)
    {
        if (_ordinal < 0)
        {
            return;
        }

        ColumnStore column = columns[_ordinal];
        bool mayHaveNulls = column.Nulls.MayHaveNulls;
        ReadOnlySpan<long> values = ((ColumnStore<long>)column).Values.Slice(start, count);
        long maximum = _maximum;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > maximum && !(mayHaveNulls && column.IsNull(start + i)))
            {
                maximum = values[i];
            }
        }

        Volatile.Write(ref _maximum, maximum);
    }

    /// <summary>Takes in the greatest key of rows; for a key whose maximum is kept.</summary>
    public void Observe(long greatest)
    {
        Invariant.Check(_ordinal >= 0);
        Volatile.Write(ref _maximum, Math.Max(_maximum, greatest));
    }

    /// <summary>Takes in the key of a row.</summary>
    public void Observe(ColumnStore[] columns, int row)
    {
        if (_ordinal >= 0)
        {
            long value = ((ColumnStore<long>)columns[_ordinal]).Values[row];
            if (value > _maximum)
            {
                Volatile.Write(ref _maximum, value);
            }
        }
    }
}
