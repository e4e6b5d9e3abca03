namespace NeuroDb;

/// <summary>
/// A column of a few values, which others may take the place of: for rows that come a statement at
/// a time and are copied by whoever is given them.
/// </summary>
internal abstract class ValueCells
{
    /// <summary>The column; its values are those that were put last.</summary>
    public abstract ColumnBuffer Column { get; }

    /// <summary>Makes the cells of a column of so many rows.</summary>
    public static ValueCells Create(DataType type, int count) => type.Physical switch
    {
        PhysicalKind.Int64 => new ValueCells<long>(type, count),
        PhysicalKind.Double => new ValueCells<double>(type, count),
        PhysicalKind.Decimal => new ValueCells<decimal>(type, count),
        PhysicalKind.Uuid => new ValueCells<Guid>(type, count),
        PhysicalKind.Interval => new ValueCells<TimeInterval>(type, count),
        PhysicalKind.Text => new ValueCells<string>(type, count),
        PhysicalKind.Blob => new ValueCells<byte[]>(type, count),
        PhysicalKind.Vector => new ValueCells<ReadOnlyMemory<float>>(type, count),
        PhysicalKind.CompactVector => new ValueCells<CompactVector>(type, count),
        _ => throw Invariant.Broken($"a physical kind for {type}"),
    };

    /// <summary>Puts a value of the type; false for NULL and for a large one.</summary>
    public bool TryPut(int row, Value value)
    {
        bool fits = !value.IsNull && value.Large is null;
        if (fits)
        {
            Put(row, value);
        }

        return fits;
    }

    /// <summary>Forgets values that have memory of their own.</summary>
    public abstract void Clear();

    /// <summary>Puts a value that a column holds as it is.</summary>
    protected abstract void Put(int row, Value value);
}
