using System.Buffers.Binary;

namespace NeuroDb.Query;

/// <summary>
/// Reads files of vectors: fvecs, ivecs, bvecs and .npy of two dimensions, each row into a vector
/// column; and .npy of one dimension into a column of numbers. An integer column beside it gets
/// FIRST_ID, FIRST_ID + 1 and so on.
/// </summary>
internal sealed class VectorRowReader : FileRowReader
{
    private readonly ArrayShape _shape;
    private readonly CopyRejects _rejects;
    private readonly FieldColumn _target;
    private readonly FieldColumn? _identifier;
    private readonly FieldColumn[] _columns;
    private readonly string[] _names;
    private readonly long _firstId;
    private readonly int _rowCountMax;
    private long _row;

    /// <summary>Begins: reads the header and chooses the columns.</summary>
    public VectorRowReader(
        CopyInput input,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects)
        : base(input)
    {
        _rejects = rejects;
        _firstId = options.FirstId;
        _shape = ArrayHeader.Read(input, options);
        _columns = [.. columns.Select(FieldColumn.Create)];
        _names = [.. columns.Select(column => column.Name)];
        _target = Target(columns);
        _identifier = _columns.FirstOrDefault(column => column != _target);
        DataType type = _target.Schema.Type;
        if (_shape.RowCount > 0 && type.IsVector && type.Length != 0
            && type.Length != DimensionOf(type))
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"{input.Name} has vectors of {DimensionOf(type)} elements, but the column "
                + $"{_target.Schema.Name} is {type}.");
        }

        _rowCountMax = (int)Math.Clamp(
            BatchSizeBytesMax / _shape.RowBytes, 1, Limits.BatchRowCount);
    }

    /// <inheritdoc/>
    public override CopiedRows? Next()
    {
        int given = (int)Math.Min(_rowCountMax, _shape.RowCount - _row);
        if (given <= 0)
        {
            return null;
        }

        byte[] bytes = ReadBytes(given);
        var lines = new long[given];
        int count = 0;
        for (int i = 0; i < given; i++)
        {
            lines[count] = _row + i + 1;
            if (ReadRow(bytes, i, given, count))
            {
                _identifier?.Set(count, ArrayIdentifier(_row + i));
                count++;
            }
        }

        _row += given;
        Input.SkipTo(_shape.Offset + (_row * _shape.RowBytes));
        ColumnBuffer[] buffers = Array.ConvertAll(_columns, column => column.Take(count));
        return new CopiedRows(new RowBatch(buffers, count), _names, lines);
    }

    private FieldColumn Target(IReadOnlyList<ColumnSchema> columns)
    {
        bool isVector = _shape.Dimension > 0;
        FieldColumn? target = isVector
            ? _columns.FirstOrDefault(column => column.Schema.Type.IsVector)
            : _columns.LastOrDefault(column => column.Schema.Type.IsNumeric);
        bool fits = target is not null && columns.Count <= 2
            && _columns.All(column => column == target || column.Schema.Type.IsInteger);
        return fits ? target! : throw new NeuroStoreException(
            ErrorCode.WrongColumnCount,
            $"{Input.Name} fills {(isVector ? "one vector column" : "one column of numbers")}, and "
            + "an integer column of row numbers if one is named too. Name them behind the table.");
    }

    private Value ArrayIdentifier(long row)
    {
        DataType type = _identifier!.Schema.Type;
        return ValueConverter.Convert(
            Value.Of(checked(_firstId + row)), DataType.BigInt, type, CastKind.Assignment, default);
    }

    /// <summary>The bytes of some rows; of a column-major array, column after column.</summary>
    private byte[] ReadBytes(int count)
    {
        var bytes = new byte[count * _shape.RowBytes];
        bool isThere = true;
        if (!_shape.IsColumnMajor)
        {
            isThere = Input.TryReadAt(_shape.Offset + (_row * _shape.RowBytes), bytes);
        }

        int width = count * _shape.ElementBytes;
        for (int i = 0; i < _shape.Dimension && _shape.IsColumnMajor && isThere; i++)
        {
            long element = (i * _shape.RowCount) + _row;
            isThere = Input.TryReadAt(
                _shape.Offset + (element * _shape.ElementBytes), bytes.AsSpan(i * width, width));
        }

        return isThere
            ? bytes
            : throw ArrayHeader.Malformed(Input, "the file became shorter while it was read.");
    }

    private bool ReadRow(byte[] bytes, int row, int count, int target)
    {
        try
        {
            if (_shape.Dimension == 0)
            {
                Value value = ArrayElements.ValueAt(_shape.Kind, bytes, row);
                DataType from = value.Kind == TypeKind.BigInt ? DataType.BigInt : DataType.Double;
                _target.Set(target, ValueConverter.Convert(
                    value, from, _target.Schema.Type, CastKind.Assignment, default));
            }
            else
            {
                SetVector(target, bytes, row, count);
            }

            return true;
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.MalformedFile)
        {
            _rejects.Add(_row + row + 1, (1, _target.Schema.Name), error, default);
            return false;
        }
    }

    // Unsigned bytes are eight bits each where the column holds bits and is that much longer.
    private bool IsPacked(DataType type) => type.Kind == TypeKind.BitVector
        && _shape.Kind == ElementKind.Byte && type.Length != _shape.Dimension;

    private int DimensionOf(DataType type) => IsPacked(type)
        ? 8 * _shape.Dimension
        : _shape.Dimension;

    private void SetVector(int target, byte[] bytes, int row, int count)
    {
        DataType type = _target.Schema.Type;
        ReadOnlyMemory<float> numbers = ReadVector(bytes, row, count);
        if (IsPacked(type))
        {
            byte[] packed = Array.ConvertAll(numbers.ToArray(), static number => (byte)number);
            _target.Set(target, VectorConverter.OfBytes(packed, type.Length, default));
            return;
        }

        _target.Set(target, VectorConverter.OfNumbers(
            numbers.Span, type.Kind, CastKind.Assignment, default));
    }

    private ReadOnlyMemory<float> ReadVector(byte[] bytes, int row, int count)
    {
        var elements = new float[_shape.Dimension];
        if (_shape.IsColumnMajor)
        {
            int width = _shape.ElementBytes;
            for (int i = 0; i < elements.Length; i++)
            {
                ArrayElements.Read(
                    _shape.Kind,
                    bytes.AsSpan(((i * count) + row) * width, width),
                    elements.AsSpan(i, 1));
            }
        }
        else
        {
            ReadOnlySpan<byte> line =
                bytes.AsSpan((int)(row * _shape.RowBytes), (int)_shape.RowBytes);
            CheckPrefix(line, row);
            ArrayElements.Read(_shape.Kind, line[_shape.PrefixBytes..], elements);
        }

        foreach (float element in elements)
        {
            if (!float.IsFinite(element))
            {
                throw new NeuroStoreException(
                    ErrorCode.NonFiniteVector,
                    "The vector holds a number that is not finite in 32 bits.");
            }
        }

        return elements;
    }

    private void CheckPrefix(ReadOnlySpan<byte> line, int row)
    {
        if (_shape.PrefixBytes == 0)
        {
            return;
        }

        int dimension = BinaryPrimitives.ReadInt32LittleEndian(line);
        if (dimension != _shape.Dimension)
        {
            throw ArrayHeader.Malformed(
                Input,
                $"vector {_row + row + 1} has {dimension} elements, and the first one "
                + $"{_shape.Dimension}.");
        }
    }
}
