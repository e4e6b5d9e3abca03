namespace NeuroDb.Query;

/// <summary>A set of values of one physical kind, for IN and DISTINCT.</summary>
internal abstract class ValueSet
{
    /// <summary>Whether NULL was added.</summary>
    public bool HasNull { get; protected set; }

    /// <summary>Makes an empty set for values of a type.</summary>
    public static ValueSet Create(DataType type) => type.Physical switch
    {
        PhysicalKind.Int64 => new ValueSet<long>(EqualityComparer<long>.Default),
        PhysicalKind.Double => new ValueSet<double>(EqualityComparer<double>.Default),
        PhysicalKind.Decimal => new ValueSet<decimal>(EqualityComparer<decimal>.Default),
        PhysicalKind.Uuid => new ValueSet<Guid>(EqualityComparer<Guid>.Default),
        PhysicalKind.Interval => new ValueSet<TimeInterval>(
            EqualityComparer<TimeInterval>.Default),
        PhysicalKind.Text => new ValueSet<string>(StringComparer.Ordinal),
        PhysicalKind.Blob => new ValueSet<byte[]>(BlobEquality.Instance),
        PhysicalKind.CompactVector =>
            new ValueSet<CompactVector>(CompactVectorEquality.Instance),
        _ => new ValueSet<ReadOnlyMemory<float>>(VectorEquality.Instance),
    };

    /// <summary>Adds one value of a buffer; false if it was there, or is NULL.</summary>
    public abstract bool Add(ColumnBuffer source, int row);

    /// <summary>
    /// Writes 1 for each row whose value is in the set and not NULL, otherwise 0.
    /// </summary>
    public abstract void Contains(ColumnBuffer operand, Span<long> result);
}
