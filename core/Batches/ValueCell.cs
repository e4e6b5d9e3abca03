namespace NeuroDb;

/// <summary>
/// A column of one value, which another one may take the place of: for rows that come one at a
/// time and are copied by whoever is given them.
/// </summary>
internal abstract class ValueCell
{
    /// <summary>The column; its value is the last one that was put.</summary>
    public abstract ColumnBuffer Column { get; }

    /// <summary>Makes a cell for a column.</summary>
    public static ValueCell Create(DataType type) => type.Physical switch
    {
        PhysicalKind.Int64 => new ValueCell<long>(type),
        PhysicalKind.Double => new ValueCell<double>(type),
        PhysicalKind.Decimal => new ValueCell<decimal>(type),
        PhysicalKind.Uuid => new ValueCell<Guid>(type),
        PhysicalKind.Interval => new ValueCell<TimeInterval>(type),
        PhysicalKind.Text => new ValueCell<string>(type),
        PhysicalKind.Blob => new ValueCell<byte[]>(type),
        PhysicalKind.Vector => new ValueCell<ReadOnlyMemory<float>>(type),
        PhysicalKind.CompactVector => new ValueCell<CompactVector>(type),
        _ => throw Invariant.Broken($"a physical kind for {type}"),
    };

    /// <summary>Puts a value of the type; false for NULL and for a large one.</summary>
    public bool TryPut(Value value)
    {
        bool fits = !value.IsNull && value.Large is null;
        if (fits)
        {
            Put(value);
        }

        return fits;
    }

    /// <summary>Forgets a value that has memory of its own.</summary>
    public abstract void Clear();

    /// <summary>Puts a value that a column holds as it is.</summary>
    protected abstract void Put(Value value);
}
