using System.Buffers;

namespace NeuroDb.Gpu;

/// <summary>A spectrogram that waits for its registers: a lane takes a frame.</summary>
/// <param name="samples">The sound.</param>
/// <param name="plan">Window and transform.</param>
/// <param name="filters">The filters; null for the power of each frequency.</param>
/// <param name="hop">Samples from one frame to the next.</param>
/// <param name="output">(bins or bands, frames).</param>
internal readonly unsafe ref struct SpectrumAction(
    ReadOnlySpan<float> samples,
    FourierPlan plan,
    MelFilters? filters,
    int hop,
    Span<float> output) : IFloatAction
{
    private readonly ReadOnlySpan<float> _samples = samples;
    private readonly Span<float> _output = output;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int frames = _output.Length / (filters?.Bands ?? plan.Bins);
        int half = plan.Length / 2;
        int block = half * TLanes.Count;
        float[] scratch = ArrayPool<float>.Shared.Rent((4 * block) + (plan.Bins * TLanes.Count));
        fixed (float* start = scratch, output = _output)
        {
            float* parts = start;
            float* others = start + (2 * block);
            float* power = start + (4 * block);
            for (int frame = 0; frame < frames; frame += TLanes.Count)
            {
                int count = Math.Min(TLanes.Count, frames - frame);
                Gather<TLanes, TVector>(frame, count, parts);
                Measure<TLanes, TVector>(
                    FourierPass<TLanes, TVector>.Transform(plan, parts, others), power);
                if (filters is null)
                {
                    Store<TLanes, TVector>(power, plan.Bins, output + frame, frames, count);
                }
                else
                {
                    Filter<TLanes, TVector>(power, output + frame, frames, count);
                }
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>
    /// Even samples become the real, odd ones the imaginary parts, so that a complex transform of
    /// half the length does.
    /// </summary>
    private void Gather<TLanes, TVector>(int frame, int count, float* parts)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        nint imaginary = (nint)plan.Length / 2 * TLanes.Count;
        new Span<float>(parts, plan.Length * TLanes.Count).Clear();
        ReadOnlySpan<float> window = plan.Window;
        for (int lane = 0; lane < count; lane++)
        {
            ReadOnlySpan<float> x = _samples.Slice((frame + lane) * hop, window.Length);
            for (int n = 0; n < x.Length; n++)
            {
                parts[((n & 1) * imaginary) + ((n >> 1) * TLanes.Count) + lane] = x[n] * window[n];
            }
        }
    }

    /// <summary>
    /// The power of the real transform from the complex one Z of half the length M:
    /// X[k] = (Z[k] + Z*[M - k]) / 2 - i (Z[k] - Z*[M - k]) W^k / 2.
    /// </summary>
    private void Measure<TLanes, TVector>(float* parts, float* power)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int half = plan.Length / 2;
        nint imaginary = (nint)half * TLanes.Count;
        TVector two = TLanes.Create(0.5f);
        for (int k = 0; k <= half; k++)
        {
            nint at = (nint)(k % half) * TLanes.Count;
            nint mirror = (nint)((half - k) % half) * TLanes.Count;
            TVector re = TLanes.Load(parts + at);
            TVector im = TLanes.Load(parts + imaginary + at);
            TVector otherRe = TLanes.Load(parts + mirror);
            TVector otherIm = TLanes.Load(parts + imaginary + mirror);
            TVector evenRe = TLanes.Multiply(TLanes.Add(re, otherRe), two);
            TVector evenIm = TLanes.Multiply(TLanes.Subtract(im, otherIm), two);
            TVector oddRe = TLanes.Multiply(TLanes.Add(im, otherIm), two);
            TVector oddIm = TLanes.Multiply(TLanes.Subtract(otherRe, re), two);
            TVector cos = TLanes.Create(plan.Cosines[k]);
            TVector sin = TLanes.Create(plan.Sines[k]);
            re = TLanes.Add(evenRe, TLanes.Subtract(
                TLanes.Multiply(oddRe, cos), TLanes.Multiply(oddIm, sin)));
            im = TLanes.Add(evenIm, TLanes.Add(
                TLanes.Multiply(oddRe, sin), TLanes.Multiply(oddIm, cos)));
            TLanes.Store(
                TLanes.Add(TLanes.Multiply(re, re), TLanes.Multiply(im, im)),
                power + ((nint)k * TLanes.Count));
        }
    }

    private void Filter<TLanes, TVector>(float* power, float* output, int frames, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int band = 0; band < filters!.Bands; band++)
        {
            int start = filters.Starts[band];
            float* at = power + ((nint)filters.Firsts[band] * TLanes.Count);
            TVector sum = TLanes.Create(0);
            for (int i = start; i < filters.Starts[band + 1]; i++)
            {
                TVector weight = TLanes.Create(filters.Weights[i]);
                sum = TLanes.Add(sum, TLanes.Multiply(weight, TLanes.Load(at)));
                at += TLanes.Count;
            }

            TLanes.StorePartial(sum, output + ((nint)band * frames), count);
        }
    }

    private static void Store<TLanes, TVector>(
        float* power, int bins, float* output, int frames, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int k = 0; k < bins; k++)
        {
            TLanes.StorePartial(
                TLanes.Load(power + ((nint)k * TLanes.Count)), output + ((nint)k * frames), count);
        }
    }
}
