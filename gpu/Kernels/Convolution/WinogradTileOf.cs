using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The transforms of one tile: of its pixels, B' d B with B' = (1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0
/// -1), and of its products, A' m A with A' = (1 1 1 0; 0 1 -1 -1). Channels lie side by side, at
/// least as many as a register has lanes; the last register reaches back over the one before.
/// </summary>
internal static unsafe class WinogradTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Four by four pixels to 16 planes, for tiles side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(
        float* from, nint row, nint channels, float* to, nint plane, int tiles)
    {
        nint at = 0;
        while (tiles > 0)
        {
            nint channel = Math.Min(at, channels - TLanes.Count);
            float* x = from + channel;
            float* v = to + channel;
            Columns(
                x, row, out TVector a0, out TVector a1, out TVector a2, out TVector a3);
            x += channels;
            Columns(
                x, row, out TVector b0, out TVector b1, out TVector b2, out TVector b3);
            x += channels;
            Columns(
                x, row, out TVector c0, out TVector c1, out TVector c2, out TVector c3);
            x += channels;
            Columns(
                x, row, out TVector d0, out TVector d1, out TVector d2, out TVector d3);
            Row(a0, b0, c0, d0, v, plane);
            v += 4 * plane;
            Row(a1, b1, c1, d1, v, plane);
            v += 4 * plane;
            Row(a2, b2, c2, d2, v, plane);
            v += 4 * plane;
            Row(a3, b3, c3, d3, v, plane);
            at += TLanes.Count;
            if (at >= channels)
            {
                at = 0;
                from += 2 * channels;
                to += channels;
                tiles--;
            }
        }
    }

    /// <summary>Four pixels to four planes, for tiles side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherLine(
        float* from, nint channels, float* to, nint plane, int tiles)
    {
        nint at = 0;
        while (tiles > 0)
        {
            nint channel = Math.Min(at, channels - TLanes.Count);
            Columns(
                from + channel,
                channels,
                out TVector a,
                out TVector b,
                out TVector c,
                out TVector d);
            float* v = to + channel;
            TLanes.Store(a, v);
            TLanes.Store(b, v + plane);
            TLanes.Store(c, v + (2 * plane));
            TLanes.Store(d, v + (3 * plane));
            at += TLanes.Count;
            if (at >= channels)
            {
                at = 0;
                from += 2 * channels;
                to += channels;
                tiles--;
            }
        }
    }

    /// <summary>
    /// 16 planes to two rows of so many pixels; one row if the step to the other is 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(
        float* from,
        nint plane,
        nint width,
        float* to,
        nint row,
        nint channels,
        int pixels,
        float* bias,
        bool isRectified)
    {
        nint at = 0;
        while (pixels > 0)
        {
            nint channel = Math.Min(at, channels - TLanes.Count);
            float* m = from + channel;
            float* y = to + channel;
            Sums(m, 4 * plane, out TVector a0, out TVector a1);
            Sums(m + plane, 4 * plane, out TVector b0, out TVector b1);
            Sums(m + (2 * plane), 4 * plane, out TVector c0, out TVector c1);
            Sums(m + (3 * plane), 4 * plane, out TVector d0, out TVector d1);
            TVector start = bias == null ? default : TLanes.Load(bias + channel);
            a0 = TLanes.Add(start, TLanes.Add(a0, TLanes.Add(b0, c0)));
            a1 = TLanes.Add(start, TLanes.Add(a1, TLanes.Add(b1, c1)));
            d0 = TLanes.Add(start, TLanes.Subtract(TLanes.Subtract(b0, c0), d0));
            d1 = TLanes.Add(start, TLanes.Subtract(TLanes.Subtract(b1, c1), d1));

            // The lower row goes first: where there is none the upper one is written over it.
            Finish(a1, y + row, isRectified);
            Finish(a0, y, isRectified);
            if (pixels > 1)
            {
                Finish(d1, y + row + channels, isRectified);
                Finish(d0, y + channels, isRectified);
            }

            at += TLanes.Count;
            if (at >= channels)
            {
                at = 0;
                from += width;
                to += 2 * channels;
                pixels -= 2;
            }
        }
    }

    /// <summary>Four planes to a row of so many pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScatterLine(
        float* from,
        nint plane,
        nint width,
        float* to,
        nint channels,
        int pixels,
        float* bias,
        bool isRectified)
    {
        nint at = 0;
        while (pixels > 0)
        {
            nint channel = Math.Min(at, channels - TLanes.Count);
            Sums(from + channel, plane, out TVector left, out TVector right);
            TVector start = bias == null ? default : TLanes.Load(bias + channel);
            Finish(TLanes.Add(left, start), to + channel, isRectified);
            if (pixels > 1)
            {
                Finish(TLanes.Add(right, start), to + channels + channel, isRectified);
            }

            at += TLanes.Count;
            if (at >= channels)
            {
                at = 0;
                from += width;
                to += 2 * channels;
                pixels -= 2;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(
        float* x,
        nint step,
        out TVector first,
        out TVector second,
        out TVector third,
        out TVector fourth)
    {
        TVector a = TLanes.Load(x);
        TVector b = TLanes.Load(x + step);
        TVector c = TLanes.Load(x + (2 * step));
        TVector d = TLanes.Load(x + (3 * step));
        first = TLanes.Subtract(a, c);
        second = TLanes.Add(b, c);
        third = TLanes.Subtract(c, b);
        fourth = TLanes.Subtract(b, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        TVector a, TVector b, TVector c, TVector d, float* v, nint plane)
    {
        TLanes.Store(TLanes.Subtract(a, c), v);
        TLanes.Store(TLanes.Add(b, c), v + plane);
        TLanes.Store(TLanes.Subtract(c, b), v + (2 * plane));
        TLanes.Store(TLanes.Subtract(b, d), v + (3 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums(float* m, nint step, out TVector first, out TVector second)
    {
        TVector b = TLanes.Load(m + step);
        TVector c = TLanes.Load(m + (2 * step));
        first = TLanes.Add(TLanes.Load(m), TLanes.Add(b, c));
        second = TLanes.Subtract(TLanes.Subtract(b, c), TLanes.Load(m + (3 * step)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector sum, float* y, bool isRectified) =>
        TLanes.Store(isRectified ? TLanes.Maximum(sum, default) : sum, y);
}
