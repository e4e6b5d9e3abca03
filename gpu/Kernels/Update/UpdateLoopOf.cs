namespace NeuroDb.Gpu;

/// <summary>The loops of <see cref="WeightUpdate"/>, one for each rule.</summary>
internal static unsafe class UpdateLoop<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Updates weights w by gradients g with moments m and v.</summary>
    public static void Run(UpdateStep step, float* w, float* g, float* m, float* v, nint length)
    {
        switch (step.Rule)
        {
            case UpdateRule.GradientDescent:
                Descend(step, w, g, length);
                break;
            case UpdateRule.Momentum:
                RunMomentum(step, w, g, m, length);
                break;
            case UpdateRule.Adam or UpdateRule.AdamW:
                RunAdam(step, w, g, m, v, length);
                break;
            default:
                RunAdaptive(step, w, g, v, length);
                break;
        }
    }

    private static void Descend(UpdateStep step, float* w, float* g, nint length)
    {
        TVector rate = TLanes.Create(-step.Rate);
        TVector decay = TLanes.Create(step.WeightDecay);
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            nint left = length - i;
            TVector weight = EdgeLanes<TLanes, TVector>.Load(w + i, left);
            TVector gradient = TLanes.MultiplyAdd(
                decay, weight, EdgeLanes<TLanes, TVector>.Load(g + i, left));
            EdgeLanes<TLanes, TVector>.Store(
                TLanes.MultiplyAdd(rate, gradient, weight), w + i, left);
        }
    }

    private static void RunMomentum(UpdateStep step, float* w, float* g, float* m, nint length)
    {
        TVector rate = TLanes.Create(-step.Rate);
        TVector decay = TLanes.Create(step.WeightDecay);
        TVector momentum = TLanes.Create(step.FirstDecay);
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            nint left = length - i;
            TVector weight = EdgeLanes<TLanes, TVector>.Load(w + i, left);
            TVector gradient = TLanes.MultiplyAdd(
                decay, weight, EdgeLanes<TLanes, TVector>.Load(g + i, left));
            TVector first = TLanes.MultiplyAdd(
                momentum, EdgeLanes<TLanes, TVector>.Load(m + i, left), gradient);
            EdgeLanes<TLanes, TVector>.Store(first, m + i, left);
            EdgeLanes<TLanes, TVector>.Store(
                TLanes.MultiplyAdd(rate, first, weight), w + i, left);
        }
    }

    private static void RunAdam(
        UpdateStep step, float* w, float* g, float* m, float* v, nint length)
    {
        bool isDecoupled = step.Rule == UpdateRule.AdamW;
        TVector shrink = TLanes.Create(isDecoupled ? 1 - (step.Rate * step.WeightDecay) : 1);
        TVector decay = TLanes.Create(isDecoupled ? 0 : step.WeightDecay);
        TVector firstDecay = TLanes.Create(step.FirstDecay);
        TVector secondDecay = TLanes.Create(step.SecondDecay);
        TVector firstShare = TLanes.Create(1 - step.FirstDecay);
        TVector secondShare = TLanes.Create(1 - step.SecondDecay);

        // rate m / c1 / (sqrt(v) / c2 + e) = rate c2 / c1 m / (sqrt(v) + e c2)
        TVector rate = TLanes.Create(-step.Rate * step.SecondCorrection / step.FirstCorrection);
        TVector epsilon = TLanes.Create(step.Epsilon * step.SecondCorrection);
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            nint left = length - i;
            TVector weight = EdgeLanes<TLanes, TVector>.Load(w + i, left);
            TVector gradient = TLanes.MultiplyAdd(
                decay, weight, EdgeLanes<TLanes, TVector>.Load(g + i, left));
            TVector first = TLanes.MultiplyAdd(
                firstDecay,
                EdgeLanes<TLanes, TVector>.Load(m + i, left),
                TLanes.Multiply(firstShare, gradient));
            TVector second = TLanes.MultiplyAdd(
                secondDecay,
                EdgeLanes<TLanes, TVector>.Load(v + i, left),
                TLanes.Multiply(secondShare, TLanes.Multiply(gradient, gradient)));
            EdgeLanes<TLanes, TVector>.Store(first, m + i, left);
            EdgeLanes<TLanes, TVector>.Store(second, v + i, left);
            TVector change = TLanes.Divide(
                TLanes.Multiply(rate, first), TLanes.Add(TLanes.SquareRoot(second), epsilon));
            EdgeLanes<TLanes, TVector>.Store(
                TLanes.MultiplyAdd(weight, shrink, change), w + i, left);
        }
    }

    private static void RunAdaptive(UpdateStep step, float* w, float* g, float* v, nint length)
    {
        bool isSum = step.Rule == UpdateRule.AdaGrad;
        TVector decay = TLanes.Create(step.WeightDecay);
        TVector kept = TLanes.Create(isSum ? 1 : step.SecondDecay);
        TVector share = TLanes.Create(isSum ? 1 : 1 - step.SecondDecay);
        TVector rate = TLanes.Create(-step.Rate);
        TVector epsilon = TLanes.Create(step.Epsilon);
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            nint left = length - i;
            TVector weight = EdgeLanes<TLanes, TVector>.Load(w + i, left);
            TVector gradient = TLanes.MultiplyAdd(
                decay, weight, EdgeLanes<TLanes, TVector>.Load(g + i, left));
            TVector second = TLanes.MultiplyAdd(
                kept,
                EdgeLanes<TLanes, TVector>.Load(v + i, left),
                TLanes.Multiply(share, TLanes.Multiply(gradient, gradient)));
            EdgeLanes<TLanes, TVector>.Store(second, v + i, left);
            TVector change = TLanes.Divide(
                TLanes.Multiply(rate, gradient), TLanes.Add(TLanes.SquareRoot(second), epsilon));
            EdgeLanes<TLanes, TVector>.Store(TLanes.Add(weight, change), w + i, left);
        }
    }
}
