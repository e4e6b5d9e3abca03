namespace NeuroDb.Gpu;

/// <summary>A piece of work of a parallel scan: rows [Begin, End) of one block.</summary>
/// <param name="Block">The index of the block.</param>
/// <param name="Begin">The first row.</param>
/// <param name="End">The row after the last.</param>
internal readonly record struct ScanPiece(int Block, int Begin, int End)
{
    private const int SizeBytes = 512 * 1024;
    private const int RowsMin = 64;

    /// <summary>
    /// Divides blocks into pieces small enough to keep all threads busy to the end and large
    /// enough that taking one costs nothing. Pieces begin at whole words of the mask.
    /// </summary>
    public static unsafe List<ScanPiece> Divide<TElement>(
        IReadOnlyList<VectorBlock<TElement>> blocks)
        where TElement : unmanaged
    {
        var pieces = new List<ScanPiece>();
        for (int i = 0; i < blocks.Count; i++)
        {
            int stride = Math.Max(1, blocks[i].Stride);
            int rows = Math.Max(RowsMin, SizeBytes / sizeof(TElement) / stride / RowsMin * RowsMin);
            int count = blocks[i].Count;
            for (int begin = 0; begin < count; begin += rows)
            {
                pieces.Add(new(i, begin, (int)Math.Min(count, (long)begin + rows)));
                if (count - begin <= rows)
                {
                    break;
                }
            }
        }

        return pieces;
    }
}
