namespace NeuroDb;

/// <summary><see cref="ValueCells"/> of a physical type.</summary>
internal sealed class ValueCells<T> : ValueCells
{
    private readonly T[] _values;

    /// <summary>Makes the cells of a column of that physical type.</summary>
    public ValueCells(DataType type, int count)
    {
        _values = new T[count];
        Column = new ColumnBuffer<T>(type, _values);
    }

    /// <inheritdoc/>
    public override ColumnBuffer Column { get; }

    /// <inheritdoc/>
    public override void Clear() => _values.AsSpan().Clear();

    /// <inheritdoc/>
    protected override void Put(int row, Value value) =>
        _values[row] = PhysicalValue.To<T>(value);
}
