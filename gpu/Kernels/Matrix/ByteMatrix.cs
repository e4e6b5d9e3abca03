namespace NeuroDb.Gpu;

/// <summary>
/// A matrix of signed bytes (depth, columns), laid out so that a vector of 32 bytes holds four
/// terms of eight columns: blocks of 16 columns, in each of them groups of four terms, in each of
/// those the terms of one column after those of the other. What is missing at the ends is 0.
/// </summary>
internal sealed class ByteMatrix
{
    /// <summary>Terms that lie together.</summary>
    public const int Group = 4;

    /// <summary>Columns of a block.</summary>
    public const int Block = 16;

    /// <summary>Lays a matrix out.</summary>
    /// <param name="values">(depth, columns), row by row.</param>
    /// <param name="depth">Terms of a sum.</param>
    /// <param name="columns">Sums of a row.</param>
    public ByteMatrix(ReadOnlySpan<sbyte> values, int depth, int columns)
    {
        Invariant.Check(values.Length == depth * columns);
        Columns = columns;
        PaddedDepth = (depth + Group - 1) / Group * Group;
        PaddedColumns = (columns + Block - 1) / Block * Block;
        Packed = new sbyte[PaddedDepth * PaddedColumns];
        Sums = new int[PaddedColumns];
        for (int term = 0; term < depth; term++)
        {
            for (int column = 0; column < columns; column++)
            {
                sbyte value = values[(term * columns) + column];
                Packed[PlaceOf(term, column)] = value;
                Sums[column] += value;
            }
        }
    }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Terms of a sum, in whole groups.</summary>
    public int PaddedDepth { get; }

    /// <summary>Columns in whole blocks.</summary>
    public int PaddedColumns { get; }

    /// <summary>The values as they are laid out.</summary>
    public sbyte[] Packed { get; }

    /// <summary>The sum of each column.</summary>
    public int[] Sums { get; }

    /// <summary>Where a value lies.</summary>
    public int PlaceOf(int term, int column) =>
        ((column / Block * Block) * PaddedDepth) + (term / Group * Group * Block)
        + (column % Block * Group) + (term % Group);
}
