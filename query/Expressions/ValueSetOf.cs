namespace NeuroDb.Query;

/// <summary>
/// A <see cref="ValueSet"/> of one physical type; few items are compared one by one.
/// </summary>
internal sealed class ValueSet<T>(IEqualityComparer<T> comparer) : ValueSet
{
    private const int LinearCountMax = 4;

    private readonly HashSet<T> _items = new(comparer);
    private readonly List<T> _first = [];

    /// <inheritdoc/>
    public override bool Add(ColumnBuffer source, int row)
    {
        if (source.IsNull(row))
        {
            HasNull = true;
            return false;
        }

        T item = ((ColumnBuffer<T>)source).Values[row];
        if (!_items.Add(item))
        {
            return false;
        }

        if (_first.Count <= LinearCountMax)
        {
            _first.Add(item);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Contains(ColumnBuffer operand, Span<long> result)
    {
        ReadOnlySpan<T> values = ((ColumnBuffer<T>)operand).Values;
        if (typeof(T) == typeof(long) && _first.Count <= LinearCountMax)
        {
            foreach (T item in _first)
            {
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] |= EqualityComparer<T>.Default.Equals(values[i], item) ? 1L : 0L;
                }
            }

            ClearNulls(operand, result);
            return;
        }

        for (int i = 0; i < result.Length; i++)
        {
            result[i] = !operand.IsNull(i) && _items.Contains(values[i]) ? 1 : 0;
        }
    }

    private static void ClearNulls(ColumnBuffer operand, Span<long> result)
    {
        ReadOnlySpan<byte> nulls = operand.Nulls.Bytes(result.Length);
        for (int i = 0; i < nulls.Length; i++)
        {
            result[i] &= 1 - nulls[i];
        }
    }
}
