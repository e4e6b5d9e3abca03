using System.Runtime.CompilerServices;
using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// Walks over the rows of a result and reads typed values out of its column batches. Both readers,
/// the native and the ADO.NET one, stand on it; it keeps their common rules: strict types, no value
/// outside a row, NULL only where it is asked for.
/// </summary>
internal sealed partial class RowCursor(StatementResult result) : IDisposable
{
    private RowBatch? _batch;
    private RowBatch? _peeked;
    private int _row = -1;
    private bool _isDone;
    private LargeField? _large;

    /// <summary>The result.</summary>
    public StatementResult Result => result;

    /// <summary>The columns of the result; none for a statement that is not a query.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; } = result.Columns;

    /// <summary>The rows that the statement changed; -1 for a query.</summary>
    public long RowsAffected => result.RowsAffected;

    /// <summary>Whether the next <see cref="Read"/> needs no new batch.</summary>
    public bool IsNextRowReady =>
        _isDone || _peeked is not null || (_batch is not null && _row + 1 < _batch.Count);

    /// <summary>Whether the cursor stands on a row.</summary>
    public bool IsOnRow => _batch is not null && _row >= 0;

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read()
    {
        CloseLarge();
        if (_batch is not null && ++_row < _batch.Count)
        {
            return true;
        }

        return ReadFirstOfNextBatch();
    }

    /// <summary>Whether there is a row at or after this one; reads ahead if it must.</summary>
    public bool HasRows()
    {
        if (_batch is null && _peeked is null && !_isDone)
        {
            _peeked = NextBatch();
            _isDone = _peeked is null;
        }

        return _batch is not null || _peeked is not null;
    }

    /// <summary>The kind of a column.</summary>
    public TypeKind KindOf(int ordinal) => Columns[ordinal].Type.Kind;

    /// <summary>Whether the value is NULL.</summary>
    public bool IsNull(int ordinal)
    {
        ColumnBuffer column = ColumnAt(ordinal);
        return column.Type.Kind == TypeKind.Null || column.IsNull(_row);
    }

    /// <summary>The value of a BOOLEAN.</summary>
    public bool GetBoolean(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Boolean
            ? Element<long>(column) != 0
            : throw WrongType(column, typeof(bool));
    }

    /// <summary>The value of a whole number; one of a UBIGINT if it fits.</summary>
    public long GetInt64(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.IsInteger ? Element<long>(column)
            : column.Type.IsUBigInt ? (long)Element<decimal>(column)
            : throw WrongType(column, typeof(long));
    }

    /// <summary>The value of a REAL, DOUBLE PRECISION, score or DECIMAL.</summary>
    public double GetDouble(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.IsFloatingPoint ? Element<double>(column)
            : column.Type.Kind == TypeKind.Decimal ? (double)Element<decimal>(column)
            : throw WrongType(column, typeof(double));
    }

    /// <summary>The value of a REAL or DECIMAL.</summary>
    public float GetFloat(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind switch
        {
            TypeKind.Real => (float)Element<double>(column),
            TypeKind.Decimal => (float)Element<decimal>(column),
            _ => throw WrongType(column, typeof(float)),
        };
    }

    /// <summary>The value of a DECIMAL.</summary>
    public decimal GetDecimal(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Decimal
            ? Element<decimal>(column)
            : throw WrongType(column, typeof(decimal));
    }

    /// <summary>
    /// The value of a TEXT or JSON; the label of an ENUM; the text of a HALFVEC, INT8VEC, BITVEC,
    /// INTERVAL, TIME, TIMESTAMPTZ, BIT, STRUCT, MAP or array.
    /// </summary>
    public string GetString(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind switch
        {
            TypeKind.Text or TypeKind.Json => Element<string>(column),
            TypeKind.HalfVector or TypeKind.Int8Vector or TypeKind.BitVector =>
                ValueText.Format(column.GetValue(_row)),
            TypeKind.TimestampTz => TimeZones.Format(Element<long>(column), result.TimeZone),
            TypeKind.Interval or TypeKind.Array or TypeKind.Time or TypeKind.Enum
                or TypeKind.BitString or TypeKind.Struct or TypeKind.Map =>
                ValueText.Format(column.GetValue(_row)),
            _ => throw WrongType(column, typeof(string)),
        };
    }

    /// <summary>A value as a row of its own, for types that are made of others.</summary>
    public Value GetNested(int ordinal) => Present(ordinal).GetValue(_row);

    /// <summary>The bytes of an array.</summary>
    public byte[] GetArray(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Array
            ? Element<byte[]>(column)
            : throw WrongType(column, typeof(Array));
    }

    /// <summary>The value of a UUID.</summary>
    public Guid GetGuid(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Uuid
            ? Element<Guid>(column)
            : throw WrongType(column, typeof(Guid));
    }

    /// <summary>The bytes of a BLOB, not copied.</summary>
    public ReadOnlyMemory<byte> GetBlob(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Blob
            ? Element<byte[]>(column)
            : throw WrongType(column, typeof(byte[]));
    }

    /// <summary>The kind of a value that is there.</summary>
    public TypeKind PresentKindOf(int ordinal) => Present(ordinal).Type.Kind;

    /// <summary>The value of a BLOB, TEXT or JSON if it is large; null if it is not.</summary>
    public LargeValue? GetLarge(int ordinal) => Present(ordinal).LargeSource is null
        ? null
        : ColumnAt(ordinal).GetValue(_row).Large;

    /// <summary>
    /// The large value of this row, opened once for many pieces; null if it is not large.
    /// </summary>
    public LargeField? OpenLarge(int ordinal)
    {
        if (_large is null || _large.Ordinal != ordinal)
        {
            CloseLarge();
            _large = GetLarge(ordinal) is { } value ? new LargeField(ordinal, value) : null;
        }

        return _large;
    }

    /// <summary>The elements of a HALFVEC, INT8VEC or BITVEC, not copied.</summary>
    public CompactVector GetCompact(int ordinal, TypeKind kind)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == kind
            ? Element<CompactVector>(column)
            : throw WrongType(column, SqlTypes.ClrType(kind));
    }

    /// <summary>
    /// The elements of a VECTOR, not copied; those of a HALFVEC or INT8VEC as the same numbers.
    /// </summary>
    public ReadOnlyMemory<float> GetVector(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind switch
        {
            TypeKind.Vector => Element<ReadOnlyMemory<float>>(column),
            TypeKind.HalfVector or TypeKind.Int8Vector =>
                VectorConverter.NumbersOf(column.GetValue(_row)),
            _ => throw WrongType(column, typeof(float[])),
        };
    }

    /// <summary>The value, boxed; null for NULL.</summary>
    public object? GetValue(int ordinal) => IsNull(ordinal) ? null : KindOf(ordinal) switch
    {
        TypeKind.Boolean => GetBoolean(ordinal),
        TypeKind.Integer or TypeKind.BigInt =>
            SqlTypes.BoxInteger(GetInt64(ordinal), Columns[ordinal].Type),
        TypeKind.Real => GetFloat(ordinal),
        TypeKind.Double or TypeKind.Score or TypeKind.Distance => GetDouble(ordinal),
        TypeKind.Decimal when Columns[ordinal].Type.IsUBigInt => (ulong)GetDecimal(ordinal),
        TypeKind.Decimal => GetDecimal(ordinal),
        TypeKind.Text or TypeKind.Json or TypeKind.Enum or TypeKind.BitString =>
            GetString(ordinal),
        TypeKind.Struct or TypeKind.Map => NestedFields.Box(GetNested(ordinal)),
        TypeKind.Blob => GetBlob(ordinal).ToArray(),
        TypeKind.Date or TypeKind.Timestamp => GetDateTime(ordinal),
        TypeKind.TimestampTz => GetDateTimeOffset(ordinal),
        TypeKind.Time => GetTime(ordinal).ToTimeSpan(),
        TypeKind.Interval => GetInterval(ordinal),
        TypeKind.Array => ArrayFields.Box(GetArray(ordinal)),
        TypeKind.Uuid => GetGuid(ordinal),
        TypeKind.Vector => GetVector(ordinal).ToArray(),
        TypeKind.HalfVector => GetCompact(ordinal, TypeKind.HalfVector).Halves.ToArray(),
        TypeKind.Int8Vector => GetCompact(ordinal, TypeKind.Int8Vector).Int8s.ToArray(),
        TypeKind.BitVector =>
            VectorParameters.ToBits(GetCompact(ordinal, TypeKind.BitVector)),
        _ => null,
    };

    /// <summary>The ordinal of a column: the exact name first, then any case.</summary>
    public int FindColumn(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new IndexOutOfRangeException($"The result has no column named {name}.");
    }

    /// <summary>The error for a value read as another type than it has.</summary>
    public InvalidCastException WrongType(int ordinal, Type wanted) =>
        WrongType(Columns[ordinal].Type, wanted);

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseLarge();
        _isDone = true;
        _batch = null;
        _peeked = null;
        result.Dispose();
    }

    /// <summary>Begins again, after the result was restarted.</summary>
    public void Restart()
    {
        Invariant.Check(_isDone && _batch is null);
        _row = -1;
        _isDone = false;
    }

    private void CloseLarge()
    {
        _large?.Dispose();
        _large = null;
    }

    private bool ReadFirstOfNextBatch()
    {
        _batch = null;
        _row = -1;
        RowBatch? next = _peeked;
        _peeked = null;
        if (next is null && !_isDone)
        {
            next = NextBatch();
        }

        if (next is null)
        {
            _isDone = true;
            return false;
        }

        _batch = next;
        _row = 0;
        return true;
    }

    private RowBatch? NextBatch()
    {
        try
        {
            RowBatch? batch;
            do
            {
                batch = result.Next();
            }
            while (batch is { Count: 0 });
            return batch;
        }
        catch (OperationCanceledException error)
        {
            throw EngineErrors.Cancelled(error);
        }
        catch (Exception error) when (EngineErrors.IsForeign(error))
        {
            throw EngineErrors.Translate(error);
        }
    }

    private ColumnBuffer ColumnAt(int ordinal)
    {
        if (_batch is null)
        {
            throw new InvalidOperationException(
                "There is no current row: call Read first, and stop when it gives false.");
        }

        if ((uint)ordinal >= (uint)Columns.Count)
        {
            throw new IndexOutOfRangeException(
                $"The result has {Columns.Count} columns; there is none at {ordinal}.");
        }

        return _batch.Columns[ordinal];
    }

    private ColumnBuffer Present(int ordinal)
    {
        ColumnBuffer column = ColumnAt(ordinal);
        return column.IsNull(_row) || column.Type.Kind == TypeKind.Null
            ? throw new InvalidCastException(
                $"The value of column {Columns[ordinal].Name} is NULL; ask IsNull first.")
            : column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Element<T>(ColumnBuffer column) => LargeElement.IsPossible<T>()
        ? ((ColumnBuffer<T>)column).ValueAt(_row, Array.MaxLength)
        : ((ColumnBuffer<T>)column).Values[_row];

    private static InvalidCastException WrongType(ColumnBuffer column, Type wanted) =>
        WrongType(column.Type, wanted);

    private static InvalidCastException WrongType(DataType type, Type wanted) => new(
        $"A value of the SQL type {type} is not read as {wanted.Name}.");
}
