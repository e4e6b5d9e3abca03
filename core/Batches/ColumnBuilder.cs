namespace NeuroDb;

/// <summary>
/// Collects the values of one column and makes a <see cref="ColumnBuffer"/> of them.
/// </summary>
internal abstract class ColumnBuilder(DataType type)
{
    /// <summary>The SQL type of the values.</summary>
    public DataType Type { get; } = type;

    /// <summary>How many values were appended.</summary>
    public int Count { get; protected set; }

    /// <summary>Makes a builder for the physical kind of a type.</summary>
    /// <param name="type">The SQL type.</param>
    /// <param name="capacity">The values expected; it grows beyond them.</param>
    /// <param name="arrays">
    /// Where the values lie, until the buffer is released; null for memory of its own.
    /// </param>
    public static ColumnBuilder Create(
        DataType type, int capacity = 16, LargeArrays? arrays = null) => type.Physical switch
    {
        PhysicalKind.Int64 => new ColumnBuilder<long>(type, capacity, arrays),
        PhysicalKind.Double => new ColumnBuilder<double>(type, capacity, arrays),
        PhysicalKind.Decimal => new ColumnBuilder<decimal>(type, capacity, arrays),
        PhysicalKind.Uuid => new ColumnBuilder<Guid>(type, capacity, arrays),
        PhysicalKind.Text => new ColumnBuilder<string>(type, capacity, arrays),
        PhysicalKind.Blob => new ColumnBuilder<byte[]>(type, capacity, arrays),
        PhysicalKind.Vector => new ColumnBuilder<ReadOnlyMemory<float>>(type, capacity, arrays),
        PhysicalKind.CompactVector => new ColumnBuilder<CompactVector>(type, capacity, arrays),
        PhysicalKind.Interval => new ColumnBuilder<TimeInterval>(type, capacity, arrays),
        _ => throw Invariant.Broken($"a physical kind for {type}"),
    };

    /// <summary>Appends a value of the column's physical kind, or NULL.</summary>
    public abstract void Append(Value value);

    /// <summary>Appends NULL.</summary>
    public abstract void AppendNull();

    /// <summary>Appends rows of a buffer of the same physical kind.</summary>
    public abstract void AppendRows(ColumnBuffer source, int start, int count);

    /// <summary>Appends one row of a buffer of the same physical kind.</summary>
    public void AppendRow(ColumnBuffer source, int row) => AppendRows(source, row, 1);

    /// <summary>The buffer of all values; the builder may not be used afterwards.</summary>
    public abstract ColumnBuffer Build();
}
