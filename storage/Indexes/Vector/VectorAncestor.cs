namespace NeuroDb.Storage;

/// <summary>
/// The codes of rows that a checkpoint may write into another segment, and the numbers of these
/// rows: there, codes need not be made again. Holds no rows.
/// </summary>
internal sealed class VectorAncestor
{
    private readonly long _firstRowId;

    // The number of each row, less the first one; null if they have no gaps.
    private readonly uint[]? _numbers;
    private readonly int _count;

    /// <summary>Takes note of the rows of a part that an index covers.</summary>
    public VectorAncestor(RowPart rows, IndexedRange range)
    {
        Part = range.Part;
        _count = range.Rows.Count;
        _firstRowId = _count == 0
            ? rows.FirstRowId
            : rows.RowIdOf(range.FirstChunk, 0);
        bool hasGaps = _count > 0 && RowIdOf(rows, range, _count - 1) != _firstRowId + _count - 1;
        if (hasGaps)
        {
            _numbers = new uint[_count];
            for (int i = 0; i < _count; i++)
            {
                _numbers[i] = checked((uint)(RowIdOf(rows, range, i) - _firstRowId));
            }
        }
    }

    /// <summary>The codes.</summary>
    public VectorPart Part { get; }

    /// <summary>
    /// For each row, where it stands in a segment, or -1; ascending, as rows keep their order.
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="shared">How many are there.</param>
    public int[] PlacesIn(SealedRows segment, out int shared)
    {
        var places = new int[_count];
        places.AsSpan().Fill(-1);
        shared = 0;
        int next = 0;
        for (int i = 0; i < segment.RowCount && next < _count; i++)
        {
            long rowId = segment.RowIdOf(i / Limits.ChunkRowCount, i % Limits.ChunkRowCount);
            while (next < _count && NumberAt(next) < rowId)
            {
                next++;
            }

            if (next < _count && NumberAt(next) == rowId)
            {
                places[next++] = i;
                shared++;
            }
        }

        return places;
    }

    private long NumberAt(int row) =>
        _firstRowId + (_numbers is null ? row : _numbers[row]);

    private static long RowIdOf(RowPart rows, IndexedRange range, int ordinal) => rows.RowIdOf(
        range.FirstChunk + (ordinal / Limits.ChunkRowCount), ordinal % Limits.ChunkRowCount);
}
