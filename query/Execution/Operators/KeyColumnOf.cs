namespace NeuroDb.Query;

/// <summary>The keys of one physical type; the operations are inlined into the loops.</summary>
internal sealed class KeyColumn<T, TOperations>(DataType type, LargeArrays arrays) : KeyColumn
    where TOperations : struct, IKeyOperations<T>
{
    private T[] _values = new T[16];

    // As long as the values once there is a NULL, 1 for each of them.
    private byte[] _nulls = [];
    private bool _hasNulls;
    private int _count;

    /// <inheritdoc/>
    public override void Hash(ColumnBuffer column, Span<ulong> hashes)
    {
        ReadOnlySpan<T> values = ((ColumnBuffer<T>)column).Values;
        if (!column.Nulls.MayHaveNulls)
        {
            for (int i = 0; i < values.Length; i++)
            {
                hashes[i] = Hash64.Combine(hashes[i], TOperations.Hash(values[i]));
            }

            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            ulong hash = column.IsNull(i) ? NullHash : TOperations.Hash(values[i]);
            hashes[i] = Hash64.Combine(hashes[i], hash);
        }
    }

    /// <inheritdoc/>
    public override bool IsSame(int stored, ColumnBuffer column, int row)
    {
        bool isNull = column.IsNull(row);
        bool isStoredNull = _hasNulls && _nulls[stored] != 0;
        return isNull || isStoredNull
            ? isNull && isStoredNull
            : TOperations.AreEqual(_values[stored], ((ColumnBuffer<T>)column).Values[row]);
    }

    /// <inheritdoc/>
    public override int Differing(
        ColumnBuffer column, ReadOnlySpan<int> stored, Span<int> differing)
    {
        int count = 0;
        if (_hasNulls || column.Nulls.MayHaveNulls)
        {
            for (int row = 0; row < stored.Length; row++)
            {
                if (stored[row] >= 0 && !IsSame(stored[row], column, row))
                {
                    differing[count++] = row;
                }
            }

            return count;
        }

        ReadOnlySpan<T> values = ((ColumnBuffer<T>)column).Values;
        ReadOnlySpan<T> keys = _values;
        for (int row = 0; row < stored.Length; row++)
        {
            if (stored[row] >= 0 && !TOperations.AreEqual(keys[stored[row]], values[row]))
            {
                differing[count++] = row;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Add(ColumnBuffer column, int row)
    {
        if (_count == _values.Length)
        {
            arrays.Resize(ref _values, 2 * _count);
        }

        if (_hasNulls && _nulls.Length < _values.Length)
        {
            arrays.Resize(ref _nulls, _values.Length);
        }

        if (column.IsNull(row))
        {
            if (!_hasNulls)
            {
                _nulls = arrays.Rent<byte>(_values.Length, isCleared: true);
                _hasNulls = true;
            }

            _nulls[_count] = 1;
        }
        else
        {
            _values[_count] = ((ColumnBuffer<T>)column).Values[row];
        }

        _count++;
    }

    /// <inheritdoc/>
    public override void Move(int start, ReadOnlySpan<int> places)
    {
        T[] values = _values.AsSpan(start, places.Length).ToArray();
        byte[] nulls = _hasNulls ? _nulls.AsSpan(start, places.Length).ToArray() : [];
        for (int i = 0; i < places.Length; i++)
        {
            _values[places[i]] = values[i];
            if (_hasNulls)
            {
                _nulls[places[i]] = nulls[i];
            }
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer View() => new ColumnBuffer<T>(
        type, _values, 0, _count, _hasNulls ? new NullMask(_nulls) : NullMask.None);

    /// <inheritdoc/>
    public override void Release()
    {
        arrays.Return(_values);
        arrays.Return(_nulls);
        (_values, _nulls, _count) = ([], [], 0);
    }
}
