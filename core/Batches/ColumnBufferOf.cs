namespace NeuroDb;

/// <summary>
/// A column buffer over an array of its physical type: <see cref="long"/>, <see cref="double"/>,
/// <see cref="decimal"/>, <see cref="Guid"/>, <see cref="string"/>, <see cref="byte"/> arrays,
/// <see cref="ReadOnlyMemory{T}"/> of <see cref="float"/> or <see cref="CompactVector"/>, as
/// <see cref="PhysicalKind"/> says.
/// Large values stay references while rows are only passed on; whoever asks for
/// <see cref="Values"/> reads them.
/// </summary>
internal sealed class ColumnBuffer<T> : ColumnBuffer
{
    private readonly T[] _values;
    private readonly int _start;
    private readonly ILargeValues? _large;
    private T[]? _read;

    /// <summary>Makes a buffer over a range of an array, which must not change any more.</summary>
    public ColumnBuffer(
        DataType type,
        T[] values,
        int start,
        int count,
        NullMask nulls,
        ILargeValues? large = null)
        : base(type, count, nulls)
    {
        Invariant.Check(large is null || LargeElement.IsPossible<T>());
        _large = large;
        Invariant.Check(start >= 0 && count >= 0 && start + count <= values.Length);
        _values = values;
        _start = start;
    }

    /// <summary>Makes a buffer over a whole array without NULLs.</summary>
    public ColumnBuffer(DataType type, T[] values)
        : this(type, values, 0, values.Length, NullMask.None)
    {
    }

    /// <summary>
    /// The values, large ones read whole; those under NULLs are unspecified.
    /// </summary>
    public ReadOnlySpan<T> Values => !LargeElement.IsPossible<T>() || _large is null
        ? new ReadOnlySpan<T>(_values, _start, Count)
        : _read ??= LargeElement.ReadAll(Stored, _large);

    /// <summary>The elements as they are stored, references to large values among them.</summary>
    public ReadOnlySpan<T> Stored => new(_values, _start, Count);

    /// <inheritdoc/>
    public override ILargeValues? LargeSource => _large;

    /// <summary>The value of one row, a large one read whole.</summary>
    public T ValueAt(int row, long sizeBytesMax = Limits.ValueSizeBytesMax) =>
        TryGetLarge(row, out LargeReference reference)
            ? LargeElement.Read<T>(reference, _large!, sizeBytesMax)
            : _values[_start + row];

    /// <summary>The reference of one row; false if it holds the value itself.</summary>
    public bool TryGetLarge(int row, out LargeReference reference)
    {
        Invariant.Check((uint)row < (uint)Count);
        reference = default;
        return LargeElement.IsPossible<T>()
            && _large is not null
            && LargeElement.TryParse(_values[_start + row], out reference);
    }

    /// <inheritdoc/>
    public override ColumnBuffer WithLarge(ILargeValues source) =>
        new ColumnBuffer<T>(Type, _values, _start, Count, Nulls, source);

    /// <inheritdoc/>
    public override long LargeSizeBytes(int start, int count)
    {
        long size = 0;
        for (int row = start; _large is not null && row < start + count; row++)
        {
            size += !IsNull(row) && TryGetLarge(row, out LargeReference reference)
                ? reference.SizeBytes
                : 0;
        }

        return size;
    }

    /// <inheritdoc/>
    public override Value GetValue(int row)
    {
        Invariant.Check((uint)row < (uint)Count);
        if (IsNull(row))
        {
            return Value.Null;
        }

        return TryGetLarge(row, out LargeReference reference)
            ? Value.OfLarge(Type.Kind, new LargeValue(reference, _large!))
            : PhysicalValue.From(Type.Kind, _values[_start + row]);
    }

    /// <inheritdoc/>
    public override ColumnBuffer Gather(ReadOnlySpan<int> rows)
    {
        var gathered = new T[rows.Length];
        ReadOnlySpan<T> values = Stored;
        for (int i = 0; i < rows.Length; i++)
        {
            gathered[i] = values[rows[i]];
        }

        return new ColumnBuffer<T>(Type, gathered, 0, rows.Length, Nulls.Gather(rows), _large);
    }

    /// <inheritdoc/>
    public override ColumnBuffer Slice(int start, int count) =>
        new ColumnBuffer<T>(Type, _values, _start + start, count, Nulls.Slice(start), _large);

    /// <inheritdoc/>
    public override ColumnBuffer WithType(DataType type)
    {
        Invariant.Check(type.Physical == Type.Physical);
        return new ColumnBuffer<T>(type, _values, _start, Count, Nulls, _large);
    }
}
