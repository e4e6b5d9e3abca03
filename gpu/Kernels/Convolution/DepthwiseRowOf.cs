namespace NeuroDb.Gpu;

/// <summary>
/// The pixels of a row of a depthwise convolution whose windows lie inside the image, several at
/// once, so that a weight is read once for all of them. Each sum begins with the bias and takes the
/// taps in their order, as for a single pixel.
/// </summary>
internal static unsafe class DepthwiseRow<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Wide = 8;

    /// <summary>Fills count pixels of all channels.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="window">The window of the first pixel.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="result">The first pixel.</param>
    /// <param name="rows">The rows of the window inside the image.</param>
    /// <param name="count">How many pixels.</param>
    public static void Run(
        in ConvolutionShape shape,
        float* window,
        float* weights,
        float* bias,
        float* result,
        WindowRange rows,
        int count)
    {
        nint channels = shape.Channels;
        nint step = shape.Stride * channels;
        for (nint channel = 0; channel < channels; channel += TLanes.Count)
        {
            nint rest = channels - channel;
            TVector start = bias == null
                ? default : EdgeLanes<TLanes, TVector>.Load(bias + channel, rest);
            int pixel = 0;
            while (rest >= TLanes.Count && pixel < count && count >= Wide / 2)
            {
                // The last pixels may be computed twice: alike, and sooner than by themselves.
                bool isWide = count >= Wide;
                int size = isWide ? Wide : Wide / 2;
                pixel = Math.Min(pixel, count - size);
                float* at = window + channel + (pixel * step);
                float* target = result + channel + (pixel * channels);
                if (isWide)
                {
                    RunWide(shape, at, weights + channel, start, target, rows);
                }
                else
                {
                    RunHalf(shape, at, weights + channel, start, target, rows);
                }

                pixel += size;
            }

            for (; pixel < count; pixel++)
            {
                RunOne(
                    shape,
                    window + channel + (pixel * step),
                    weights + channel,
                    start,
                    result + channel + (pixel * channels),
                    rows,
                    rest);
            }
        }
    }

    private static void RunWide(
        in ConvolutionShape shape,
        float* window,
        float* weights,
        TVector start,
        float* result,
        WindowRange rows)
    {
        nint channels = shape.Channels;
        nint step = shape.Stride * channels;
        nint line = shape.Width * channels;
        int taps = shape.KernelWidth;
        TVector a = start, b = start, c = start, d = start;
        TVector e = start, f = start, g = start, h = start;
        for (int i = rows.First; i < rows.End; i++)
        {
            float* at = window + (i * line);
            float* weight = weights + (i * taps * channels);
            for (int j = 0; j < taps; j++)
            {
                TVector w = TLanes.Load(weight);
                a = TLanes.MultiplyAdd(TLanes.Load(at), w, a);
                b = TLanes.MultiplyAdd(TLanes.Load(at + step), w, b);
                c = TLanes.MultiplyAdd(TLanes.Load(at + (2 * step)), w, c);
                d = TLanes.MultiplyAdd(TLanes.Load(at + (3 * step)), w, d);
                float* far = at + (4 * step);
                e = TLanes.MultiplyAdd(TLanes.Load(far), w, e);
                f = TLanes.MultiplyAdd(TLanes.Load(far + step), w, f);
                g = TLanes.MultiplyAdd(TLanes.Load(far + (2 * step)), w, g);
                h = TLanes.MultiplyAdd(TLanes.Load(far + (3 * step)), w, h);
                at += channels;
                weight += channels;
            }
        }

        TLanes.Store(a, result);
        TLanes.Store(b, result + channels);
        TLanes.Store(c, result + (2 * channels));
        TLanes.Store(d, result + (3 * channels));
        result += 4 * channels;
        TLanes.Store(e, result);
        TLanes.Store(f, result + channels);
        TLanes.Store(g, result + (2 * channels));
        TLanes.Store(h, result + (3 * channels));
    }

    private static void RunHalf(
        in ConvolutionShape shape,
        float* window,
        float* weights,
        TVector start,
        float* result,
        WindowRange rows)
    {
        nint channels = shape.Channels;
        nint step = shape.Stride * channels;
        TVector a = start, b = start, c = start, d = start;
        for (int i = rows.First; i < rows.End; i++)
        {
            float* at = window + (i * shape.Width * channels);
            float* weight = weights + (i * shape.KernelWidth * channels);
            for (int j = 0; j < shape.KernelWidth; j++)
            {
                TVector w = TLanes.Load(weight);
                a = TLanes.MultiplyAdd(TLanes.Load(at), w, a);
                b = TLanes.MultiplyAdd(TLanes.Load(at + step), w, b);
                c = TLanes.MultiplyAdd(TLanes.Load(at + (2 * step)), w, c);
                d = TLanes.MultiplyAdd(TLanes.Load(at + (3 * step)), w, d);
                at += channels;
                weight += channels;
            }
        }

        TLanes.Store(a, result);
        TLanes.Store(b, result + channels);
        TLanes.Store(c, result + (2 * channels));
        TLanes.Store(d, result + (3 * channels));
    }

    private static void RunOne(
        in ConvolutionShape shape,
        float* window,
        float* weights,
        TVector sum,
        float* result,
        WindowRange rows,
        nint rest)
    {
        nint channels = shape.Channels;
        for (int i = rows.First; i < rows.End; i++)
        {
            float* at = window + (i * shape.Width * channels);
            float* weight = weights + (i * shape.KernelWidth * channels);
            for (int j = 0; j < shape.KernelWidth; j++)
            {
                sum = TLanes.MultiplyAdd(
                    EdgeLanes<TLanes, TVector>.Load(at, rest),
                    EdgeLanes<TLanes, TVector>.Load(weight, rest),
                    sum);
                at += channels;
                weight += channels;
            }
        }

        EdgeLanes<TLanes, TVector>.Store(sum, result, rest);
    }
}
