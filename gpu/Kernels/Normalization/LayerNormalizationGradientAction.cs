namespace NeuroDb.Gpu;

/// <summary>The gradient of a normalisation of rows that waits for its registers.</summary>
internal readonly unsafe ref struct LayerNormalizationGradientAction(
    ReadOnlySpan<float> x,
    ReadOnlySpan<float> gain,
    ReadOnlySpan<float> dy,
    ReadOnlySpan<float> moments,
    Span<float> dx,
    Span<float> gainGradient,
    Span<float> biasGradient) : IFloatAction
{
    private readonly ReadOnlySpan<float> _x = x;
    private readonly ReadOnlySpan<float> _gain = gain;
    private readonly ReadOnlySpan<float> _dy = dy;
    private readonly ReadOnlySpan<float> _moments = moments;
    private readonly Span<float> _dx = dx;
    private readonly Span<float> _gainGradient = gainGradient;
    private readonly Span<float> _biasGradient = biasGradient;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int columns = _gain.Length;
        fixed (float* x = _x, dy = _dy, dx = _dx)
        {
            for (int row = 0; row < _moments.Length / 2; row++)
            {
                nint at = (nint)row * columns;
                RunRow<TLanes, TVector>(x + at, dy + at, dx + at, row);
            }
        }
    }

    private void RunRow<TLanes, TVector>(float* x, float* dy, float* dx, int row)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int columns = _gain.Length;
        TVector mean = TLanes.Create(_moments[2 * row]);
        TVector root = TLanes.Create(_moments[(2 * row) + 1]);
        TVector sum = default;
        TVector product = default;
        fixed (float* gain = _gain, gainGradient = _gainGradient, biasGradient = _biasGradient)
        {
            for (int i = 0; i < columns; i += TLanes.Count)
            {
                int left = columns - i;
                TVector gradient = EdgeLanes<TLanes, TVector>.Load(dy + i, left);
                TVector normal = TLanes.Multiply(
                    root,
                    TLanes.Subtract(EdgeLanes<TLanes, TVector>.Load(x + i, left), mean));
                Add<TLanes, TVector>(TLanes.Multiply(gradient, normal), gainGradient + i, left);
                Add<TLanes, TVector>(gradient, biasGradient + i, left);
                TVector scaled = TLanes.Multiply(
                    gradient, EdgeLanes<TLanes, TVector>.Load(gain + i, left));
                sum = TLanes.Add(sum, scaled);
                product = TLanes.MultiplyAdd(scaled, normal, product);
            }

            TVector first = TLanes.Create(TLanes.Sum(sum) / columns);
            TVector second = TLanes.Create(TLanes.Sum(product) / columns);
            for (int i = 0; i < columns; i += TLanes.Count)
            {
                int left = columns - i;
                TVector normal = TLanes.Multiply(
                    root,
                    TLanes.Subtract(EdgeLanes<TLanes, TVector>.Load(x + i, left), mean));
                TVector scaled = TLanes.Multiply(
                    EdgeLanes<TLanes, TVector>.Load(dy + i, left),
                    EdgeLanes<TLanes, TVector>.Load(gain + i, left));
                EdgeLanes<TLanes, TVector>.Store(
                    TLanes.Multiply(root, TLanes.Subtract(
                        TLanes.Subtract(scaled, first), TLanes.Multiply(normal, second))),
                    dx + i,
                    left);
            }
        }
    }

    private static void Add<TLanes, TVector>(TVector a, float* target, int left)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        EdgeLanes<TLanes, TVector>.Store(
            TLanes.Add(a, EdgeLanes<TLanes, TVector>.Load(target, left)), target, left);
}
