namespace NeuroDb.Query;

/// <summary>A <see cref="ColumnAssembler"/> of one physical type.</summary>
internal sealed class ColumnAssembler<T> : ColumnAssembler
{
    private readonly DataType _type;
    private readonly T[] _values;
    private readonly byte[] _nulls;
    private int _present;

    /// <summary>Makes an assembler whose rows are all NULL.</summary>
    public ColumnAssembler(DataType type, int count)
    {
        _type = type;
        _values = new T[count];
        _nulls = new byte[count];
        _nulls.AsSpan().Fill(1);
    }

    /// <inheritdoc/>
    public override void Put(RowSelection rows, ColumnBuffer values)
    {
        var source = new Operand<T>(values, rows.Count);
        int mask = source.IsScalar ? 0 : -1;
        for (int i = 0; i < rows.Count; i++)
        {
            if (!values.IsNull(i & mask))
            {
                int row = rows[i];
                _present += _nulls[row];
                _values[row] = source[i];
                _nulls[row] = 0;
            }
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Build() =>
        new ColumnBuffer<T>(
            _type, _values, 0, _values.Length,
            _present == _values.Length ? NullMask.None : new NullMask(_nulls));
}
