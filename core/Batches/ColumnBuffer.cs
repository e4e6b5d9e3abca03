namespace NeuroDb;

/// <summary>
/// A run of values of one column: the unit that operators and kernels work on. Immutable once
/// built; slices share the memory of their source.
/// </summary>
internal abstract class ColumnBuffer(DataType type, int count, NullMask nulls)
{
    /// <summary>The SQL type of the values.</summary>
    public DataType Type { get; } = type;

    /// <summary>How many values.</summary>
    public int Count { get; } = count;

    /// <summary>Which values are NULL. The value under a NULL is unspecified.</summary>
    public NullMask Nulls { get; } = nulls;

    /// <summary>Whether the value of a row is NULL.</summary>
    public bool IsNull(int row) => Nulls.IsNull(row);

    /// <summary>
    /// Opens the large values among the elements; null if all elements are values themselves.
    /// </summary>
    public virtual ILargeValues? LargeSource => null;

    /// <summary>The same elements, of which some may be references to large values; O(1).</summary>
    public virtual ColumnBuffer WithLarge(ILargeValues source) =>
        throw Invariant.Broken($"a large value of {Type}");

    /// <summary>The bytes of the large values among some rows.</summary>
    public virtual long LargeSizeBytes(int start, int count) => 0;

    /// <summary>One value; O(1). A large one is not read yet.</summary>
    public abstract Value GetValue(int row);

    /// <summary>The values of some rows, in that order; O(rows).</summary>
    public abstract ColumnBuffer Gather(ReadOnlySpan<int> rows);

    /// <summary>
    /// The values of some rows, in that order, copied together only when they are asked for; the
    /// rows must not change any more.
    /// </summary>
    public abstract ColumnBuffer Select(int[] rows);

    /// <summary>
    /// The same values without what they were selected from, for who keeps them.
    /// </summary>
    public abstract ColumnBuffer Settle();

    /// <summary>
    /// Gives the memory back that a builder rented for the values; neither they nor what shares
    /// them may be asked for afterwards. Does nothing to a buffer with memory of its own.
    /// </summary>
    public abstract void Release();

    /// <summary>A view of consecutive rows; O(1), but for rows that were selected.</summary>
    public abstract ColumnBuffer Slice(int start, int count);

    /// <summary>The same values under another type of the same physical kind; O(1).</summary>
    public abstract ColumnBuffer WithType(DataType type);

    /// <summary>A column that repeats one value.</summary>
    public static ColumnBuffer Constant(DataType type, Value value, int count)
    {
        if (count == 1 && !value.IsNull)
        {
            return OfOne(type, value);
        }

        ColumnBuilder builder = ColumnBuilder.Create(type, count);
        for (int i = 0; i < count; i++)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    private static ColumnBuffer OfOne(DataType type, Value value) => type.Physical switch
    {
        PhysicalKind.Text when value.Large is { } large => new ColumnBuffer<string>(
            type, [large.Reference.ToText()]).WithLarge(large.Source),
        PhysicalKind.Blob when value.Large is { } large => new ColumnBuffer<byte[]>(
            type, [large.Reference.ToBlob()]).WithLarge(large.Source),
        PhysicalKind.Int64 => OfOne<long>(type, value),
        PhysicalKind.Double => OfOne<double>(type, value),
        PhysicalKind.Decimal => OfOne<decimal>(type, value),
        PhysicalKind.Uuid => OfOne<Guid>(type, value),
        PhysicalKind.Text => OfOne<string>(type, value),
        PhysicalKind.Blob => OfOne<byte[]>(type, value),
        PhysicalKind.Vector => OfOne<ReadOnlyMemory<float>>(type, value),
        PhysicalKind.CompactVector => OfOne<CompactVector>(type, value),
        PhysicalKind.Interval => OfOne<TimeInterval>(type, value),
        _ => throw Invariant.Broken($"a physical kind for {type}"),
    };

    private static ColumnBuffer<T> OfOne<T>(DataType type, Value value) =>
        new(type, [PhysicalValue.To<T>(value)]);
}
