namespace NeuroDb;

/// <summary>A <see cref="ValueCell"/> of a physical type.</summary>
internal sealed class ValueCell<T> : ValueCell
{
    private readonly T[] _value = new T[1];

    /// <summary>Makes a cell for a column of that physical type.</summary>
    public ValueCell(DataType type) => Column = new ColumnBuffer<T>(type, _value);

    /// <inheritdoc/>
    public override ColumnBuffer Column { get; }

    /// <inheritdoc/>
    public override void Clear() => _value[0] = default!;

    /// <inheritdoc/>
    protected override void Put(Value value) => _value[0] = PhysicalValue.To<T>(value);
}
