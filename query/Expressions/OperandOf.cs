namespace NeuroDb.Query;

/// <summary>
/// The values of one operand in a typed loop: a value for each row, or one for all rows.
/// </summary>
internal readonly ref struct Operand<T>
{
    private readonly int _mask;

    /// <summary>Reads a buffer that holds one value for each row, or one for all.</summary>
    public Operand(ColumnBuffer column, int count)
    {
        Invariant.Check(column.Count == count || column.Count == 1);
        Values = ((ColumnBuffer<T>)column).Values;
        IsScalar = column.Count == 1 && count != 1;
        _mask = IsScalar ? 0 : -1;
    }

    /// <summary>The values; one if <see cref="IsScalar"/>.</summary>
    public ReadOnlySpan<T> Values { get; }

    /// <summary>Whether one value stands for all rows.</summary>
    public bool IsScalar { get; }

    /// <summary>The value of a row.</summary>
    public T this[int row] => Values[row & _mask];
}
