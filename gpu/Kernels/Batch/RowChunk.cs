namespace NeuroDb.Gpu;

/// <summary>
/// Some selected rows of a block, few enough to stay in the nearest cache while all queries of a
/// batch pass by. Owned and filled again by one scan.
/// </summary>
internal sealed class RowChunk
{
    /// <summary>Bytes of rows that leave room for the queries in a first-level cache.</summary>
    private const int SizeBytes = 24 * 1024;

    /// <summary>Makes room for as many rows of so many bytes as a cache holds.</summary>
    public RowChunk(int rowSizeBytes)
    {
        int capacity = Math.Clamp(SizeBytes / Math.Max(1, rowSizeBytes) / 3 * 3, 3, 192);
        Indexes = new int[capacity];
        TileRows = new nint[capacity];
        Bounds = new TileBounds[capacity];
    }

    /// <summary>How many rows it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The rows' indexes in the block.</summary>
    public int[] Indexes { get; }

    /// <summary>Where the rows stand in the form that tiles read.</summary>
    public nint[] TileRows { get; }

    /// <summary>The rows' parts of the bounds.</summary>
    public TileBounds[] Bounds { get; }

    /// <summary>
    /// Takes the next selected rows from <paramref name="row"/> on; gives where to go on.
    /// </summary>
    public int Fill(int row, int end, ReadOnlySpan<ulong> mask)
    {
        Count = 0;
        for (; row < end && Count < Indexes.Length; row++)
        {
            if (mask.IsEmpty || ((mask[row / 64] >> (row % 64)) & 1) != 0)
            {
                Indexes[Count++] = row;
            }
        }

        return row;
    }
}
