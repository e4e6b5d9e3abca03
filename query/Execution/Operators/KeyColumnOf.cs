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
