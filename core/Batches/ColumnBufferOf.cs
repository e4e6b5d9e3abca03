namespace NeuroDb;

/// <summary>
/// A column buffer over an array of its physical type: <see cref="long"/>, <see cref="double"/>,
/// <see cref="decimal"/>, <see cref="Guid"/>, <see cref="string"/>, <see cref="byte"/> arrays or
/// <see cref="ReadOnlyMemory{T}"/> of <see cref="float"/>, as <see cref="PhysicalKind"/> says.
/// </summary>
internal sealed class ColumnBuffer<T> : ColumnBuffer
{
    private readonly T[] _values;
    private readonly int _start;

    /// <summary>Makes a buffer over a range of an array, which must not change any more.</summary>
    public ColumnBuffer(DataType type, T[] values, int start, int count, NullMask nulls)
        : base(type, count, nulls)
    {
        Invariant.Check(start >= 0 && count >= 0 && start + count <= values.Length);
        _values = values;
        _start = start;
    }

    /// <summary>Makes a buffer over a whole array without NULLs.</summary>
    public ColumnBuffer(DataType type, T[] values)
        : this(type, values, 0, values.Length, NullMask.None)
    {
    }

    /// <summary>The values; those under NULLs are unspecified.</summary>
    public ReadOnlySpan<T> Values => new(_values, _start, Count);

    /// <inheritdoc/>
    public override Value GetValue(int row)
    {
        Invariant.Check((uint)row < (uint)Count);
        return IsNull(row) ? Value.Null : PhysicalValue.From(Type.Kind, _values[_start + row]);
    }

    /// <inheritdoc/>
    public override ColumnBuffer Gather(ReadOnlySpan<int> rows)
    {
        var gathered = new T[rows.Length];
        ReadOnlySpan<T> values = Values;
        for (int i = 0; i < rows.Length; i++)
        {
            gathered[i] = values[rows[i]];
        }

        return new ColumnBuffer<T>(Type, gathered, 0, rows.Length, Nulls.Gather(rows));
    }

    /// <inheritdoc/>
    public override ColumnBuffer Slice(int start, int count) =>
        new ColumnBuffer<T>(Type, _values, _start + start, count, Nulls.Slice(start));

    /// <inheritdoc/>
    public override ColumnBuffer WithType(DataType type)
    {
        Invariant.Check(type.Physical == Type.Physical);
        return new ColumnBuffer<T>(type, _values, _start, Count, Nulls);
    }
}
