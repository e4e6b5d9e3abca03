namespace NeuroDb;

/// <summary>
/// A column buffer over an array of its physical type: <see cref="long"/>, <see cref="double"/>,
/// <see cref="decimal"/>, <see cref="Guid"/>, <see cref="string"/>, <see cref="byte"/> arrays,
/// <see cref="ReadOnlyMemory{T}"/> of <see cref="float"/> or <see cref="CompactVector"/>, as
/// <see cref="PhysicalKind"/> says.
/// Large values stay references while rows are only passed on; whoever asks for
/// <see cref="Values"/> reads them.
/// Rows that were selected from a buffer are copied together only when their values are asked for:
/// what gathers or appends them reads the source in place.
/// </summary>
internal sealed class ColumnBuffer<T> : ColumnBuffer
{
    private readonly int _start;
    private readonly ILargeValues? _large;

    // Which rows are meant, counted from the start; null for all of a range.
    private readonly int[]? _selected;
    private readonly LargeArrays? _arrays;

    // Where the values lie instead of the array, if they do.
    private readonly NativeArray<T>? _memory;
    private T[] _values;
    private T[]? _gathered;
    private T[]? _read;

    /// <summary>Makes a buffer over a range of an array, which must not change any more.</summary>
    public ColumnBuffer(
        DataType type,
        T[] values,
        int start,
        int count,
        NullMask nulls,
        ILargeValues? large = null,
        LargeArrays? arrays = null)
        : base(type, count, nulls)
    {
        _arrays = arrays;
        Invariant.Check(large is null || LargeElement.IsPossible<T>());
        _large = large;
        Invariant.Check(start >= 0 && count >= 0 && start + count <= values.Length);
        _values = values;
        _start = start;
    }

    /// <summary>
    /// Makes a buffer over the first elements outside of the collector's heap, which must not
    /// change any more and are lent to the buffer. Who uses spans of it keeps the buffer.
    /// </summary>
    public ColumnBuffer(DataType type, NativeArray<T> memory, int count, NullMask nulls)
        : base(type, count, nulls)
    {
        Invariant.Check(count >= 0 && count <= memory.Length);
        memory.Lend();
        _values = [];
        _memory = memory;
    }

    /// <summary>Makes a buffer over a whole array without NULLs.</summary>
    public ColumnBuffer(DataType type, T[] values)
        : this(type, values, 0, values.Length, NullMask.None)
    {
    }

    // A range of what lies in the array, or in the memory.
    private ColumnBuffer(
        ColumnBuffer<T> source, DataType type, int start, int count, NullMask nulls,
        ILargeValues? large)
        : base(type, count, nulls)
    {
        bool isGathered = source._selected is not null;
        _values = isGathered ? source.Gathered() : source._values;
        _memory = isGathered ? null : source._memory;
        _start = start + (isGathered ? 0 : source._start);
        _large = large;
        Invariant.Check(start >= 0 && count >= 0 && start + count <= source.Count);
    }

    private ColumnBuffer(ColumnBuffer<T> source, int[] rows)
        : base(source.Type, rows.Length, source.Nulls.Gather(rows))
    {
        Invariant.Check(source._selected is null);
        _values = source._values;
        _memory = source._memory;
        _start = source._start;
        _large = source._large;
        _selected = rows;
    }

    /// <summary>
    /// The values, large ones read whole; those under NULLs are unspecified.
    /// </summary>
    public ReadOnlySpan<T> Values => !LargeElement.IsPossible<T>() || _large is null
        ? Stored
        : _read ??= LargeElement.ReadAll(Stored, _large);

    /// <summary>The elements as they are stored, references to large values among them.</summary>
    public ReadOnlySpan<T> Stored => _selected is null
        ? Elements.Slice(_start, Count)
        : Gathered();

    /// <inheritdoc/>
    public override ILargeValues? LargeSource => _large;

    /// <summary>The value of one row, a large one read whole.</summary>
    public T ValueAt(int row, long sizeBytesMax = Limits.ValueSizeBytesMax) =>
        TryGetLarge(row, out LargeReference reference)
            ? LargeElement.Read<T>(reference, _large!, sizeBytesMax)
            : ElementAt(row);

    /// <summary>The reference of one row; false if it holds the value itself.</summary>
    public bool TryGetLarge(int row, out LargeReference reference)
    {
        Invariant.Check((uint)row < (uint)Count);
        reference = default;
        return LargeElement.IsPossible<T>()
            && _large is not null
            && LargeElement.TryParse(ElementAt(row), out reference);
    }

    /// <summary>
    /// The elements where they lie, of which <paramref name="rows"/> are meant; false where they
    /// lie together.
    /// </summary>
    public bool TryGetSelected(out ReadOnlySpan<T> elements, out ReadOnlySpan<int> rows)
    {
        bool isSelected = _selected is not null && _gathered is null;
        elements = isSelected ? Elements[_start..] : default;
        rows = isSelected ? _selected : default;
        return isSelected;
    }

    /// <summary>Copies the elements of consecutive rows.</summary>
    public void CopyStored(int start, int count, Span<T> target)
    {
        if (TryGetSelected(out ReadOnlySpan<T> elements, out ReadOnlySpan<int> rows))
        {
            GatherTo(elements, rows.Slice(start, count), target);
        }
        else
        {
            Stored.Slice(start, count).CopyTo(target);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer WithLarge(ILargeValues source) =>
        new ColumnBuffer<T>(this, Type, 0, Count, Nulls, source);

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
            : PhysicalValue.From(Type.Kind, ElementAt(row));
    }

    /// <inheritdoc/>
    public override ColumnBuffer Gather(ReadOnlySpan<int> rows)
    {
        var gathered = new T[rows.Length];
        if (TryGetSelected(out ReadOnlySpan<T> elements, out ReadOnlySpan<int> selected))
        {
            Span<T> target = gathered;
            for (int i = 0; i < rows.Length; i++)
            {
                target[i] = elements[selected[rows[i]]];
            }
        }
        else
        {
            GatherTo(Stored, rows, gathered);
        }

        return new ColumnBuffer<T>(Type, gathered, 0, rows.Length, Nulls.Gather(rows), _large);
    }

    /// <inheritdoc/>
    public override ColumnBuffer Select(int[] rows) =>
        _selected is null ? new ColumnBuffer<T>(this, rows) : Gather(rows);

    /// <inheritdoc/>
    public override ColumnBuffer Settle() => _selected is null
        ? this
        : new ColumnBuffer<T>(this, Type, 0, Count, Nulls, _large);

    /// <inheritdoc/>
    public override void Release()
    {
        if (_arrays is not null)
        {
            _arrays.Return(_values);
            _values = [];
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Slice(int start, int count) => new ColumnBuffer<T>(
        this, Type, start, count, Nulls.Slice(start), _large);

    /// <inheritdoc/>
    public override ColumnBuffer WithType(DataType type)
    {
        Invariant.Check(type.Physical == Type.Physical);
        return new ColumnBuffer<T>(this, type, 0, Count, Nulls, _large);
    }

    private static void GatherTo(
        ReadOnlySpan<T> elements, ReadOnlySpan<int> rows, Span<T> target)
    {
        target = target[..rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            target[i] = elements[rows[i]];
        }
    }

    private Span<T> Elements => _memory is null ? _values : _memory.Span;

    private T ElementAt(int row) => _selected is null
        ? Elements[_start + row]
        : _gathered is { } gathered ? gathered[row] : Elements[_start + _selected[row]];

    // Two threads that ask at once copy the same.
    private T[] Gathered()
    {
        if (Volatile.Read(ref _gathered) is not { } gathered)
        {
            gathered = new T[Count];
            GatherTo(Elements[_start..], _selected, gathered);
            Volatile.Write(ref _gathered, gathered);
        }

        return gathered;
    }
}
