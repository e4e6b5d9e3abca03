using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Writes one column of vectors as fvecs or as a NumPy array of 32-bit floats. All vectors have
/// one dimension, and none is NULL.
/// </summary>
internal sealed class VectorRowWriter : CopyRowWriter
{
    private const int HeaderSizeBytes = 128;
    private readonly bool _isNpy;
    private int _dimension;
    private long _count;

    /// <summary>Begins, with room for the header of a NumPy array.</summary>
    public VectorRowWriter(CopyOutput output, IReadOnlyList<OutputColumn> columns, bool isNpy)
        : base(output)
    {
        if (columns is not [{ Type.IsVector: true }])
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                "This format holds one column of vectors. Name it: COPY table (column) TO, or "
                + "write a query.");
        }

        _isNpy = isNpy;
        _dimension = columns[0].Type.Length;
        if (isNpy)
        {
            Put(Header());
        }
    }

    /// <inheritdoc/>
    public override void Write(RowBatch rows)
    {
        Invariant.Check(rows.Columns.Length == 1);
        ColumnBuffer vectors = rows.Columns[0];
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        for (int row = 0; row < rows.Count; row++)
        {
            _count++;
            if (vectors.IsNull(row))
            {
                throw new NeuroStoreException(
                    ErrorCode.NotNullViolation,
                    $"Row {_count} has no vector, and this format cannot say so. Leave such rows "
                    + "out: COPY (SELECT v FROM t WHERE v IS NOT NULL) TO ...");
            }

            ReadOnlySpan<float> vector =
                VectorConverter.NumbersOf(vectors.GetValue(row)).Span;
            _dimension = _dimension == 0 ? vector.Length : _dimension;
            VectorText.CheckDimension(vector.Length, _dimension, default);
            if (!_isNpy)
            {
                BinaryPrimitives.WriteInt32LittleEndian(prefix, vector.Length);
                Put(prefix);
            }

            Put(MemoryMarshal.AsBytes(vector));
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_isNpy)
        {
            Output.Rewrite(0, Header());
        }
    }

    /// <summary>The header, version 1, of a fixed length so that it can be written again.</summary>
    private byte[] Header()
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({_count}, {_dimension}), }}");
        var header = new byte[HeaderSizeBytes];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), HeaderSizeBytes - 10);
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
