namespace NeuroDb.Query;

/// <summary>
/// Where the frame of each row begins and ends, as rows of <see cref="WindowRows"/>, and the
/// pieces that are left of it after EXCLUDE.
/// </summary>
internal sealed class WindowFrames
{
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
    public int Pieces(int row, Span<(int Start, int End)> pieces) => FramePieces.Write(
        _exclusion,
        row,
        (Start[row], End[row]),
        FramePieces.NeedsPeers(_exclusion)
            ? (_rows.PeerStart[row], _rows.PeerEnd[row]) : default,
        pieces);
}
