using System.Numerics;

namespace NeuroDb.Query;

/// <summary>The up to three pieces that EXCLUDE leaves of a window frame.</summary>
internal static class FramePieces
{
    /// <summary>The most pieces of a frame.</summary>
    public const int CountMax = 3;

    /// <summary>Whether the pieces depend on the peers of the row.</summary>
    public static bool NeedsPeers(FrameExclusion exclusion) =>
        exclusion is not (FrameExclusion.None or FrameExclusion.Current);

    /// <summary>
    /// Writes the pieces of the frame of a row, in order; gives their number. Ranges are of rows,
    /// from the first to the one after the last.
    /// </summary>
    public static int Write<T>(
        FrameExclusion exclusion,
        T row,
        (T Start, T End) frame,
        (T Start, T End) peers,
        Span<(T Start, T End)> pieces)
        where T : struct, IBinaryInteger<T>
    {
        int count = 0;
        T next = row + T.One;
        (T start, T end) = frame;
        switch (exclusion)
        {
            case FrameExclusion.None:
                Add(pieces, ref count, start, end);
                break;
            case FrameExclusion.Current:
                Add(pieces, ref count, start, T.Min(end, row));
                Add(pieces, ref count, T.Max(start, next), end);
                break;
            default:
                Add(pieces, ref count, start, T.Min(end, peers.Start));
                if (exclusion == FrameExclusion.Ties && row >= start && row < end)
                {
                    Add(pieces, ref count, row, next);
                }

                Add(pieces, ref count, T.Max(start, peers.End), end);
                break;
        }

        return count;
    }

    private static void Add<T>(Span<(T Start, T End)> pieces, ref int count, T start, T end)
        where T : struct, IBinaryInteger<T>
    {
        if (start < end)
        {
            pieces[count++] = (start, end);
        }
    }
}
