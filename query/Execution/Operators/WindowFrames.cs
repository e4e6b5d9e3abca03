namespace NeuroDb.Query;

/// <summary>
/// Where the frame of each row begins and ends, as rows of <see cref="WindowRows"/>, and the up
/// to three pieces that are left of it after EXCLUDE.
/// </summary>
internal sealed class WindowFrames
{
    /// <summary>The most pieces of a frame.</summary>
    public const int PieceCountMax = 3;

    private readonly WindowRows _rows;
    private readonly FrameExclusion _exclusion;

    /// <summary>Computes the frames of all rows. O(n log n) for RANGE, else O(n).</summary>
    public WindowFrames(WindowRows rows, WindowFrame frame, ExecutionContext context)
    {
        _rows = rows;
        _exclusion = frame.Exclusion;
        var ends = new WindowFrameEnds(rows, frame, context);
        Start = ends.Find(frame.Start, isStart: true);
        End = ends.Find(frame.End, isStart: false);
        for (int row = 0; row < rows.Count; row++)
        {
            End[row] = Math.Max(Start[row], End[row]);
        }
    }

    /// <summary>For each row, the first row of its frame.</summary>
    public int[] Start { get; }

    /// <summary>For each row, the row after the last of its frame.</summary>
    public int[] End { get; }

    /// <summary>Writes the pieces of a row's frame, in order; gives their number.</summary>
    public int Pieces(int row, Span<(int Start, int End)> pieces)
    {
        int count = 0;
        int start = Start[row];
        int end = End[row];
        switch (_exclusion)
        {
            case FrameExclusion.None:
                Add(pieces, ref count, start, end);
                break;
            case FrameExclusion.Current:
                Add(pieces, ref count, start, Math.Min(end, row));
                Add(pieces, ref count, Math.Max(start, row + 1), end);
                break;
            default:
                Add(pieces, ref count, start, Math.Min(end, _rows.PeerStart[row]));
                if (_exclusion == FrameExclusion.Ties && row >= start && row < end)
                {
                    Add(pieces, ref count, row, row + 1);
                }

                Add(pieces, ref count, Math.Max(start, _rows.PeerEnd[row]), end);
                break;
        }

        return count;
    }

    private static void Add(
        Span<(int Start, int End)> pieces, ref int count, int start, int end)
    {
        if (start < end)
        {
            pieces[count++] = (start, end);
        }
    }
}
