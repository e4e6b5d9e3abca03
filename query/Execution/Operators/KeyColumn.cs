namespace NeuroDb.Query;

/// <summary>
/// One column of the keys of a <see cref="GroupTable"/>: the stored values, and how rows are
/// hashed and compared with them. NULL equals NULL.
/// </summary>
internal abstract class KeyColumn
{
    /// <summary>The hash of NULL; any number will do.</summary>
    protected const ulong NullHash = 0x6A09E667F3BCC909;

    /// <summary>Makes an empty column for a type.</summary>
    public static KeyColumn Create(DataType type) => Create(type, LargeArrays.None);

    /// <summary>Makes an empty column for a type over arrays that are used again.</summary>
    public static KeyColumn Create(DataType type, LargeArrays arrays) => type.Physical switch
    {
        PhysicalKind.Int64 => new KeyColumn<long, LongKey>(type, arrays),
        PhysicalKind.Double => new KeyColumn<double, DoubleKey>(type, arrays),
        PhysicalKind.Decimal => new KeyColumn<decimal, DecimalKey>(type, arrays),
        PhysicalKind.Uuid => new KeyColumn<Guid, GuidKey>(type, arrays),
        PhysicalKind.Interval => new KeyColumn<TimeInterval, IntervalKey>(type, arrays),
        PhysicalKind.Text => new KeyColumn<string, TextKey>(type, arrays),
        PhysicalKind.Blob => new KeyColumn<byte[], BlobKey>(type, arrays),
        PhysicalKind.CompactVector => new KeyColumn<CompactVector, CompactVectorKey>(type, arrays),
        _ => new KeyColumn<ReadOnlyMemory<float>, VectorKey>(type, arrays),
    };

    /// <summary>Joins the hash of each row of a column to the hashes.</summary>
    public abstract void Hash(ColumnBuffer column, Span<ulong> hashes);

    /// <summary>Whether a stored key equals a row of a column.</summary>
    public abstract bool IsSame(int stored, ColumnBuffer column, int row);

    /// <summary>
    /// Writes the rows of a column that differ from the stored key of their group, of those that
    /// have one; gives their number.
    /// </summary>
    public abstract int Differing(
        ColumnBuffer column, ReadOnlySpan<int> stored, Span<int> differing);

    /// <summary>Stores a row of a column as the next key.</summary>
    public abstract void Add(ColumnBuffer column, int row);

    /// <summary>Brings the stored keys from one on to other places, each to its own.</summary>
    public abstract void Move(int start, ReadOnlySpan<int> places);

    /// <summary>
    /// The stored keys as they lie there: to be read before more are added and before the column
    /// is released.
    /// </summary>
    public abstract ColumnBuffer View();

    /// <summary>Gives the arrays back; nothing may be asked of the column afterwards.</summary>
    public abstract void Release();
}
