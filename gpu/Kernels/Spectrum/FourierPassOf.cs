using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The complex Fourier transform of as many frames as a register has lanes, SIMD form: a lane is a
/// frame, so there is no shuffle, and a frame's numbers are the same bits in every width.
/// </summary>
/// <remarks>
/// Stockham's order (Cochran et al., What is the fast Fourier transform?, IEEE Trans. Audio
/// Electroacoustics 15 (1967)), radix 4, and one step of radix 2 where the length asks for it.
/// Shapes: both arrays (2, length, lanes), the real parts before the imaginary ones. Nothing of
/// the input survives.
/// </remarks>
internal static unsafe class FourierPass<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Transforms; gives the array that holds the result.</summary>
    public static float* Transform(FourierPlan plan, float* parts, float* others)
    {
        int length = plan.Length / 2;
        int stride = 1;
        for (; length >= 4; length /= 4, stride *= 4)
        {
            StepFour(plan, length, stride, parts, others);
            float* last = parts;
            parts = others;
            others = last;
        }

        if (length == 1)
        {
            return parts;
        }

        StepTwo((nint)stride * TLanes.Count, parts, others);
        return others;
    }

    private static void StepFour(
        FourierPlan plan, int length, int stride, float* from, float* to)
    {
        int quarter = length / 4;
        int turn = plan.Length / length;
        nint run = (nint)stride * TLanes.Count;
        nint imaginary = length * run;
        for (int p = 0; p < quarter; p++)
        {
            nint source = p * run;
            nint target = 4 * p * run;
            for (nint q = 0; q < run; q += TLanes.Count)
            {
                nint at = source + q;
                nint far = quarter * run;
                TVector aRe = TLanes.Load(from + at);
                TVector aIm = TLanes.Load(from + imaginary + at);
                TVector bRe = TLanes.Load(from + at + far);
                TVector bIm = TLanes.Load(from + imaginary + at + far);
                TVector cRe = TLanes.Load(from + at + (2 * far));
                TVector cIm = TLanes.Load(from + imaginary + at + (2 * far));
                TVector dRe = TLanes.Load(from + at + (3 * far));
                TVector dIm = TLanes.Load(from + imaginary + at + (3 * far));
                TVector sumRe = TLanes.Add(aRe, cRe);
                TVector sumIm = TLanes.Add(aIm, cIm);
                TVector gapRe = TLanes.Subtract(aRe, cRe);
                TVector gapIm = TLanes.Subtract(aIm, cIm);
                TVector restRe = TLanes.Add(bRe, dRe);
                TVector restIm = TLanes.Add(bIm, dIm);

                // i (b - d).
                TVector sideRe = TLanes.Subtract(dIm, bIm);
                TVector sideIm = TLanes.Subtract(bRe, dRe);
                nint place = target + q;
                TLanes.Store(TLanes.Add(sumRe, restRe), to + place);
                TLanes.Store(TLanes.Add(sumIm, restIm), to + imaginary + place);
                Turn(plan, p * turn, TLanes.Subtract(gapRe, sideRe),
                    TLanes.Subtract(gapIm, sideIm), to + place + run, imaginary);
                Turn(plan, 2 * p * turn, TLanes.Subtract(sumRe, restRe),
                    TLanes.Subtract(sumIm, restIm), to + place + (2 * run), imaginary);
                Turn(plan, 3 * p * turn, TLanes.Add(gapRe, sideRe),
                    TLanes.Add(gapIm, sideIm), to + place + (3 * run), imaginary);
            }
        }
    }

    private static void StepTwo(nint run, float* from, float* to)
    {
        for (int part = 0; part < 2; part++, from += 2 * run, to += 2 * run)
        {
            for (nint q = 0; q < run; q += TLanes.Count)
            {
                TVector a = TLanes.Load(from + q);
                TVector b = TLanes.Load(from + q + run);
                TLanes.Store(TLanes.Add(a, b), to + q);
                TLanes.Store(TLanes.Subtract(a, b), to + q + run);
            }
        }
    }

    /// <summary>Stores a number times a root of unity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(
        FourierPlan plan, int root, TVector re, TVector im, float* to, nint imaginary)
    {
        TVector cos = TLanes.Create(plan.Cosines[root]);
        TVector sin = TLanes.Create(plan.Sines[root]);
        TLanes.Store(
            TLanes.Subtract(TLanes.Multiply(re, cos), TLanes.Multiply(im, sin)), to);
        TLanes.Store(
            TLanes.Add(TLanes.Multiply(re, sin), TLanes.Multiply(im, cos)), to + imaginary);
    }
}
