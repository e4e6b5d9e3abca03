namespace NeuroDb.Storage;

/// <summary>
/// The values that an INTEGER PRIMARY KEY column takes where none is given: one more than the
/// greatest so far, from 1 on. A value given by hand moves it; a value taken by a transaction that
/// is rolled back is not given again.
/// </summary>
internal sealed class IdentityCounter
{
    private readonly object _gate = new();
    private readonly int _ordinal;
    private readonly long _limit;
    private readonly string _name;
    private bool _isEmpty = true;
    private long _last;

    /// <summary>Makes the counter of a table.</summary>
    public IdentityCounter(TableSchema schema)
    {
        _ordinal = schema.IdentityOrdinal;
        _name = schema.Name;
        _limit = _ordinal >= 0 && schema.Columns[_ordinal].Type.Kind == TypeKind.Integer
            ? int.MaxValue
            : long.MaxValue;
    }

    /// <summary>Takes consecutive values and gives the first.</summary>
    public long Take(int count)
    {
        Invariant.Check(_ordinal >= 0 && count > 0);
        lock (_gate)
        {
            long first = _isEmpty ? 1 : _last == long.MaxValue ? long.MinValue : _last + 1;
            if (first == long.MinValue || first > _limit - count + 1)
            {
                throw new NeuroStoreException(
                    ErrorCode.NumericOutOfRange,
                    $"Table {_name} has no number left for its INTEGER PRIMARY KEY: the greatest "
                    + $"is {_last}. Give the values in the statement.");
            }

            _isEmpty = false;
            _last = first + count - 1;
            return first;
        }
    }

    /// <summary>Takes in the values of rows.</summary>
    public void Observe(ColumnStore[] columns, int start, int count)
    {
        if (_ordinal < 0 || count == 0)
        {
            return;
        }

        var column = (ColumnStore<long>)columns[_ordinal];
        bool mayHaveNulls = column.Nulls.MayHaveNulls;
        ReadOnlySpan<long> values = column.Values.Slice(start, count);
        bool any = false;
        long greatest = long.MinValue;
        for (int i = 0; i < values.Length; i++)
        {
            if (!mayHaveNulls || !column.IsNull(start + i))
            {
                any = true;
                greatest = Math.Max(greatest, values[i]);
            }
        }

        lock (_gate)
        {
            if (any && (_isEmpty || greatest > _last))
            {
                _isEmpty = false;
                _last = greatest;
            }
        }
    }
}
