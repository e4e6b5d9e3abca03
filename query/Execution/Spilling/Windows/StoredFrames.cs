namespace NeuroDb.Query;

/// <summary>
/// The frames of rows on disk, for one row after the other: as <see cref="WindowFrames"/>. Both
/// ends only move forward within a partition, so those of RANGE are looked for from the last ones.
/// </summary>
internal sealed class StoredFrames(
    StoredWindowRows rows, WindowFrame frame, ExecutionContext context)
{
    private readonly StoredFrameEnd _start = new(rows, frame, frame.Start, true, context);
    private readonly StoredFrameEnd _end = new(rows, frame, frame.End, false, context);

    /// <summary>The first row of the frame of a row, and the row after its last.</summary>
    public (long Start, long End) Of(long row)
    {
        long start = _start.Of(row);
        return (start, Math.Max(start, _end.Of(row)));
    }

    /// <summary>Writes the pieces of a row's frame, in order; gives their number.</summary>
    public int Pieces(long row, Span<(long Start, long End)> pieces) => FramePieces.Write(
        frame.Exclusion,
        row,
        Of(row),
        FramePieces.NeedsPeers(frame.Exclusion)
            ? (rows.PeerStart(row), rows.PeerEnd(row)) : default,
        pieces);
}
