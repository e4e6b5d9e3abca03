namespace NeuroDb.Query;

/// <summary>Where the numbers of a binary file lie.</summary>
/// <param name="Kind">The elements.</param>
/// <param name="RowCount">The rows.</param>
/// <param name="Dimension">The elements of a row; 0 if rows are single numbers.</param>
/// <param name="Offset">The byte of the first row.</param>
/// <param name="PrefixBytes">The bytes before each row: 4 if it says its dimension.</param>
/// <param name="IsColumnMajor">Whether a column lies together, as in Fortran.</param>
internal sealed record ArrayShape(
    ElementKind Kind,
    long RowCount,
    int Dimension,
    long Offset,
    int PrefixBytes,
    bool IsColumnMajor)
{
    /// <summary>The bytes of an element.</summary>
    public int ElementBytes => Kind switch
    {
        ElementKind.SByte or ElementKind.Byte => 1,
        ElementKind.Half or ElementKind.BrainFloat or ElementKind.Int16 => 2,
        ElementKind.Single or ElementKind.Int32 => 4,
        _ => 8,
    };

    /// <summary>The elements of a row.</summary>
    public int Width => Math.Max(Dimension, 1);

    /// <summary>The bytes from one row to the next, where a row lies together.</summary>
    public long RowBytes => PrefixBytes + ((long)Width * ElementBytes);
}
