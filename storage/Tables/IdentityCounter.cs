namespace NeuroDb.Storage;

/// <summary>
/// The values that an INTEGER PRIMARY KEY column takes where none is given: one more than the
/// greatest so far, from 1 on. A value given by hand moves it, for as long as the transaction that
/// gave it is open or once it is committed; a value taken by a transaction that is rolled back is
/// not given again.
/// </summary>
internal sealed class IdentityCounter
{
    private readonly object _gate = new();
    private readonly int _ordinal;
    private readonly long _limit;
    private readonly string _name;
    private readonly List<IdentityHold> _held = [];
    private bool _isEmpty = true;
    private long _last;

    /// <summary>Makes the counter of a table.</summary>
    public IdentityCounter(TableSchema schema)
    {
        _ordinal = schema.IdentityOrdinal;
        _name = schema.Name;
        _limit = _ordinal >= 0 ? schema.Columns[_ordinal].Type.IntegerMax : long.MaxValue;
    }

    /// <summary>The greatest value that was committed or taken; null if none was.</summary>
    public long? Last
    {
        get
        {
            lock (_gate)
            {
                return _isEmpty ? null : _last;
            }
        }
    }

    /// <summary>Starts from the greatest value of before.</summary>
    public void Restore(long? last)
    {
        lock (_gate)
        {
            _isEmpty = last is null;
            _last = last ?? 0;
        }
    }

    /// <summary>Takes consecutive values and gives the first.</summary>
    public long Take(int count)
    {
        Invariant.Check(_ordinal >= 0 && count > 0);
        lock (_gate)
        {
            bool isEmpty = _isEmpty;
            long last = _last;
            foreach (IdentityHold hold in _held)
            {
                last = isEmpty ? hold.Greatest : Math.Max(last, hold.Greatest);
                isEmpty = false;
            }

            long first = isEmpty ? 1 : last == long.MaxValue ? long.MinValue : last + 1;
            if (first == long.MinValue || first > _limit - count + 1)
            {
                throw new NeuroStoreException(
                    ErrorCode.NumericOutOfRange,
                    $"Table {_name} has no number left for its INTEGER PRIMARY KEY: the greatest "
                    + $"is {last}. Give the values in the statement.");
            }

            Volatile.Write(ref _last, first + count - 1);
            Volatile.Write(ref _isEmpty, false);
            return first;
        }
    }

    /// <summary>Takes in the values of committed rows.</summary>
    public void Observe(ColumnStore[] columns, int start, int count)
    {
        if (TryGetGreatest(columns, start, count, out long greatest))
        {
            Observe(greatest);
        }
    }

    /// <summary>Takes in the greatest value of committed rows.</summary>
    public void Observe(long greatest)
    {
        if (IsKnown(greatest))
        {
            return;
        }

        lock (_gate)
        {
            if (_isEmpty || greatest > _last)
            {
                Volatile.Write(ref _last, greatest);
                Volatile.Write(ref _isEmpty, false);
            }
        }
    }

    /// <summary>Takes in the values of rows that an open transaction has written.</summary>
    public void Observe(IdentityHold hold, ColumnStore[] columns, int start, int count)
    {
        if (!TryGetGreatest(columns, start, count, out long greatest) || IsKnown(greatest))
        {
            return;
        }

        lock (_gate)
        {
            if (!_isEmpty && greatest <= _last)
            {
                return;
            }

            hold.Greatest = Math.Max(hold.Greatest, greatest);
            if (hold.Place < 0)
            {
                hold.Place = _held.Count;
                _held.Add(hold);
            }
        }
    }

    /// <summary>Forgets the values of a transaction that is over.</summary>
    public void Release(IdentityHold hold)
    {
        // Only its own transaction puts it into the list.
        if (hold.Place < 0)
        {
            return;
        }

        lock (_gate)
        {
            IdentityHold last = _held[^1];
            _held[hold.Place] = last;
            last.Place = hold.Place;
            _held.RemoveAt(_held.Count - 1);
            hold.Place = -1;
        }
    }

    // What was once below the last value stays so: no lock for keys that come in any order.
    private bool IsKnown(long value) =>
        !Volatile.Read(ref _isEmpty) && value <= Volatile.Read(ref _last);

    private bool TryGetGreatest(ColumnStore[] columns, int start, int count, out long greatest)
    {
        greatest = long.MinValue;
        if (_ordinal < 0 || count == 0)
        {
            return false;
        }

        var column = (ColumnStore<long>)columns[_ordinal];
        bool mayHaveNulls = column.Nulls.MayHaveNulls;
        ReadOnlySpan<long> values = column.Values.Slice(start, count);
        bool any = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (!mayHaveNulls || !column.IsNull(start + i))
            {
                any = true;
                greatest = Math.Max(greatest, values[i]);
            }
        }

        return any;
    }
}
