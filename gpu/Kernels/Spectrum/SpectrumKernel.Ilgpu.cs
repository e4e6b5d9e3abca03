using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// A <see cref="Spectrogram"/>, device form. For powers a group takes a frame, its threads share
/// the butterflies, and a barrier stands between the steps; for mel bands a thread takes a sum.
/// </summary>
/// <remarks>
/// Shapes: samples as for <see cref="Spectrogram"/>; window (WindowLength); roots (2, Length), the
/// cosines before the sines; scratch (groups, 4, Length / 2); power (Length / 2 + 1, Frames); mel
/// (Bands, Frames).
/// </remarks>
internal static class SpectrumKernel
{
    /// <summary>Fills power; explicitly grouped.</summary>
    public static void Power(
        ArrayView<float> samples,
        ArrayView<float> window,
        ArrayView<float> roots,
        ArrayView<float> scratch,
        ArrayView<float> power,
        SpectrumShape shape)
    {
        int half = shape.Length / 2;
        long own = (long)Grid.IdxX * 4 * half;
        for (int frame = Grid.IdxX; frame < shape.Frames; frame += Grid.DimX)
        {
            long start = (long)frame * shape.Hop;
            for (int n = Group.IdxX; n < shape.Length; n += Group.DimX)
            {
                scratch[own + ((n & 1) * half) + (n >> 1)] =
                    n < shape.WindowLength ? samples[start + n] * window[n] : 0;
            }

            Group.Barrier();
            long from = own;
            long to = own + (2 * half);
            for (int stride = 1; stride < half; stride *= 2)
            {
                Step(roots, scratch, from, to, stride, shape.Length);
                Group.Barrier();
                long last = from;
                from = to;
                to = last;
            }

            for (int k = Group.IdxX; k <= half; k += Group.DimX)
            {
                power[((long)k * shape.Frames) + frame] =
                    Measure(roots, scratch, from, k, shape.Length);
            }

            Group.Barrier();
        }
    }

    /// <summary>Fills mel from power; explicitly grouped.</summary>
    public static void Mel(
        ArrayView<float> power,
        ArrayView<float> weights,
        ArrayView<int> firsts,
        ArrayView<int> starts,
        ArrayView<float> mel,
        SpectrumShape shape)
    {
        long count = (long)shape.Bands * shape.Frames;
        for (long i = DeviceGrid.First; i < count; i += DeviceGrid.Step)
        {
            long band = i / shape.Frames;
            long at = ((long)firsts[band] * shape.Frames) + (i % shape.Frames);
            float sum = 0;
            for (int weight = starts[band]; weight < starts[band + 1]; weight++)
            {
                sum += weights[weight] * power[at];
                at += shape.Frames;
            }

            mel[i] = sum;
        }
    }

    /// <summary>A step of radix 2 in Stockham's order.</summary>
    private static void Step(
        ArrayView<float> roots,
        ArrayView<float> scratch,
        long from,
        long to,
        int stride,
        int length)
    {
        int half = length / 2;
        for (int i = Group.IdxX; i < half / 2; i += Group.DimX)
        {
            int p = i / stride;
            int root = p * 2 * stride;
            float aRe = scratch[from + i];
            float aIm = scratch[from + half + i];
            float bRe = scratch[from + (half / 2) + i];
            float bIm = scratch[from + half + (half / 2) + i];
            long place = to + (p * 2 * stride) + (i % stride);
            scratch[place] = aRe + bRe;
            scratch[place + half] = aIm + bIm;
            float re = aRe - bRe;
            float im = aIm - bIm;
            float cos = roots[root];
            float sin = roots[length + root];
            scratch[place + stride] = (re * cos) - (im * sin);
            scratch[place + stride + half] = (re * sin) + (im * cos);
        }
    }

    private static float Measure(
        ArrayView<float> roots, ArrayView<float> scratch, long from, int k, int length)
    {
        int half = length / 2;
        long at = from + (k % half);
        long mirror = from + ((half - k) % half);
        float evenRe = (scratch[at] + scratch[mirror]) / 2;
        float evenIm = (scratch[at + half] - scratch[mirror + half]) / 2;
        float oddRe = (scratch[at + half] + scratch[mirror + half]) / 2;
        float oddIm = (scratch[mirror] - scratch[at]) / 2;
        float cos = roots[k];
        float sin = roots[length + k];
        float re = evenRe + (oddRe * cos) - (oddIm * sin);
        float im = evenIm + (oddRe * sin) + (oddIm * cos);
        return (re * re) + (im * im);
    }
}
