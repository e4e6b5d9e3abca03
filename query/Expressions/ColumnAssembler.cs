namespace NeuroDb.Query;

/// <summary>
/// Puts a column together from pieces that cover different rows; rows never put are NULL.
/// </summary>
internal abstract class ColumnAssembler
{
    /// <summary>Makes an assembler for a type and a number of rows.</summary>
    public static ColumnAssembler Create(DataType type, int count) => type.Physical switch
    {
        PhysicalKind.Int64 => new ColumnAssembler<long>(type, count),
        PhysicalKind.Double => new ColumnAssembler<double>(type, count),
        PhysicalKind.Decimal => new ColumnAssembler<decimal>(type, count),
        PhysicalKind.Uuid => new ColumnAssembler<Guid>(type, count),
        PhysicalKind.Interval => new ColumnAssembler<TimeInterval>(type, count),
        PhysicalKind.Text => new ColumnAssembler<string>(type, count),
        PhysicalKind.Blob => new ColumnAssembler<byte[]>(type, count),
        PhysicalKind.CompactVector => new ColumnAssembler<CompactVector>(type, count),
        _ => new ColumnAssembler<ReadOnlyMemory<float>>(type, count),
    };

    /// <summary>Sets selected rows: one value for each, or a single one for all.</summary>
    public abstract void Put(RowSelection rows, ColumnBuffer values);

    /// <summary>The whole column; the assembler may not be used afterwards.</summary>
    public abstract ColumnBuffer Build();
}
