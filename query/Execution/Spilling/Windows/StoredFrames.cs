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
    public int Pieces(long row, Span<(long Start, long End)> pieces)
    {
        int count = 0;
        (long start, long end) = Of(row);
        switch (frame.Exclusion)
        {
            case FrameExclusion.None:
                Add(pieces, ref count, start, end);
                break;
            case FrameExclusion.Current:
                Add(pieces, ref count, start, Math.Min(end, row));
                Add(pieces, ref count, Math.Max(start, row + 1), end);
                break;
            default:
                Add(pieces, ref count, start, Math.Min(end, rows.PeerStart(row)));
                if (frame.Exclusion == FrameExclusion.Ties && row >= start && row < end)
                {
                    Add(pieces, ref count, row, row + 1);
                }

                Add(pieces, ref count, Math.Max(start, rows.PeerEnd(row)), end);
                break;
        }

        return count;
    }

    private static void Add(
        Span<(long Start, long End)> pieces, ref int count, long start, long end)
    {
        if (start < end)
        {
            pieces[count++] = (start, end);
        }
    }
}
