using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The largest or mean number of one window for all channels, four registers of channels at a
/// time. A number replaces the largest so far only if it is greater, so NaN counts where it comes
/// first.
/// </summary>
internal static unsafe class PoolingWindow<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Fills the channels of a pixel.</summary>
    /// <param name="kind">What is taken of the window.</param>
    /// <param name="first">The first pixel of the window.</param>
    /// <param name="line">Floats from one row of the image to the next.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <param name="columns">Pixels of a row of the window.</param>
    /// <param name="channels">Numbers of a pixel.</param>
    /// <param name="output">Receives the channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        PoolingKind kind,
        float* first,
        nint line,
        int rows,
        int columns,
        nint channels,
        float* output)
    {
        bool isMean = kind == PoolingKind.Average;
        TVector count = TLanes.Create(rows * columns);
        nint jump = line - (columns * channels);
        nint channel = 0;
        for (; channel <= channels - (4 * TLanes.Count); channel += 4 * TLanes.Count)
        {
            float* at = first + channel;
            TVector a = default, b = default, c = default, d = default;
            if (!isMean)
            {
                a = TLanes.Load(at);
                b = TLanes.Load(at + TLanes.Count);
                c = TLanes.Load(at + (2 * TLanes.Count));
                d = TLanes.Load(at + (3 * TLanes.Count));
            }

            for (int row = rows; row > 0; row--, at += jump)
            {
                for (int column = columns; column > 0; column--, at += channels)
                {
                    a = Next(isMean, TLanes.Load(at), a);
                    b = Next(isMean, TLanes.Load(at + TLanes.Count), b);
                    c = Next(isMean, TLanes.Load(at + (2 * TLanes.Count)), c);
                    d = Next(isMean, TLanes.Load(at + (3 * TLanes.Count)), d);
                }
            }

            float* to = output + channel;
            TLanes.Store(Last(isMean, a, count), to);
            TLanes.Store(Last(isMean, b, count), to + TLanes.Count);
            TLanes.Store(Last(isMean, c, count), to + (2 * TLanes.Count));
            TLanes.Store(Last(isMean, d, count), to + (3 * TLanes.Count));
        }

        for (; channel < channels; channel += TLanes.Count)
        {
            nint rest = channels - channel;
            float* at = first + channel;
            TVector a = isMean ? default : EdgeLanes<TLanes, TVector>.Load(at, rest);
            for (int row = rows; row > 0; row--, at += jump)
            {
                for (int column = columns; column > 0; column--, at += channels)
                {
                    a = Next(isMean, EdgeLanes<TLanes, TVector>.Load(at, rest), a);
                }
            }

            EdgeLanes<TLanes, TVector>.Store(
                Last(isMean, a, count), output + channel, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(bool isMean, TVector number, TVector kept) =>
        isMean ? TLanes.Add(kept, number) : TLanes.Larger(number, kept);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Last(bool isMean, TVector kept, TVector count) =>
        isMean ? TLanes.Divide(kept, count) : kept;
}
