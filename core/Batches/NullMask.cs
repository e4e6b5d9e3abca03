namespace NeuroDb;

/// <summary>
/// Which rows of a column are NULL: one byte a row, or nothing at all where no row is NULL, which
/// is the common case and costs no memory.
/// </summary>
internal readonly struct NullMask
{
    private readonly byte[]? _bytes;
    private readonly int _start;

    /// <summary>Makes a mask over bytes from a start on; 1 stands for NULL.</summary>
    public NullMask(byte[]? bytes, int start = 0)
    {
        _bytes = bytes;
        _start = start;
    }

    /// <summary>No row is NULL.</summary>
    public static NullMask None => default;

    /// <summary>Whether any row may be NULL; false is certain, true is not.</summary>
    public bool MayHaveNulls => _bytes is not null;

    /// <summary>Whether a row is NULL.</summary>
    public bool IsNull(int row) => _bytes is not null && _bytes[_start + row] != 0;

    /// <summary>The bytes of the first rows; empty if no row is NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int count) =>
        _bytes is null ? default : new ReadOnlySpan<byte>(_bytes, _start, count);

    /// <summary>The mask from a later row on.</summary>
    public NullMask Slice(int start) => _bytes is null ? default : new(_bytes, _start + start);

    /// <summary>The mask of some rows, in that order.</summary>
    public NullMask Gather(ReadOnlySpan<int> rows)
    {
        if (_bytes is null)
        {
            return default;
        }

        var gathered = new byte[rows.Length];
        byte any = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            gathered[i] = _bytes[_start + rows[i]];
            any |= gathered[i];
        }

        return any == 0 ? default : new NullMask(gathered);
    }
}
