namespace NeuroDb.Query;

/// <summary>The keys of one physical type; the operations are inlined into the loops.</summary>
internal sealed class KeyColumn<T, TOperations>(DataType type) : KeyColumn
    where TOperations : struct, IKeyOperations<T>
{
    private T[] _values = new T[16];
    private bool[] _nulls = new bool[16];
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
        return isNull || _nulls[stored]
            ? isNull && _nulls[stored]
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
            Array.Resize(ref _values, 2 * _count);
            Array.Resize(ref _nulls, 2 * _count);
        }

        if (column.IsNull(row))
        {
            _nulls[_count] = true;
            _hasNulls = true;
        }
        else
        {
            _values[_count] = ((ColumnBuffer<T>)column).Values[row];
        }

        _count++;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Build()
    {
        NullMask nulls = default;
        if (_hasNulls)
        {
            var bytes = new byte[_count];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = _nulls[i] ? (byte)1 : (byte)0;
            }

            nulls = new NullMask(bytes);
        }

        return new ColumnBuffer<T>(type, _values, 0, _count, nulls);
    }
}
