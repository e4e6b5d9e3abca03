namespace NeuroDb.Gpu;

/// <summary>A normalisation of rows that waits for its registers.</summary>
internal readonly unsafe ref struct LayerNormalizationAction(
    ReadOnlySpan<float> x,
    ReadOnlySpan<float> gain,
    ReadOnlySpan<float> bias,
    Span<float> y,
    Span<float> moments) : IFloatAction
{
    private readonly ReadOnlySpan<float> _x = x;
    private readonly ReadOnlySpan<float> _gain = gain;
    private readonly ReadOnlySpan<float> _bias = bias;
    private readonly Span<float> _y = y;
    private readonly Span<float> _moments = moments;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* x = _x, gain = _gain, bias = _bias, y = _y, moments = _moments)
        {
            int columns = _gain.Length;
            for (int row = 0; row < _moments.Length / 2; row++)
            {
                nint at = (nint)row * columns;
                RunRow<TLanes, TVector>(
                    x + at, gain, bias, y + at, moments + (2 * row), columns);
            }
        }
    }

    private static void RunRow<TLanes, TVector>(
        float* x, float* gain, float* bias, float* y, float* moments, int columns)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sum = default;
        for (int i = 0; i < columns; i += TLanes.Count)
        {
            sum = TLanes.Add(sum, EdgeLanes<TLanes, TVector>.Load(x + i, columns - i));
        }

        moments[0] = TLanes.Sum(sum) / columns;
        TVector mean = TLanes.Create(moments[0]);
        TVector squares = default;
        for (int i = 0; i < columns; i += TLanes.Count)
        {
            // The difference goes through memory, where lanes past the end stay zero.
            TVector difference = TLanes.Subtract(
                EdgeLanes<TLanes, TVector>.Load(x + i, columns - i), mean);
            EdgeLanes<TLanes, TVector>.Store(difference, y + i, columns - i);
            difference = EdgeLanes<TLanes, TVector>.Load(y + i, columns - i);
            squares = TLanes.MultiplyAdd(difference, difference, squares);
        }

        moments[1] = 1 / MathF.Sqrt(
            (TLanes.Sum(squares) / columns) + LayerNormalization.Epsilon);
        TVector root = TLanes.Create(moments[1]);
        for (int i = 0; i < columns; i += TLanes.Count)
        {
            int left = columns - i;
            TVector scale = TLanes.Multiply(
                root, EdgeLanes<TLanes, TVector>.Load(gain + i, left));
            EdgeLanes<TLanes, TVector>.Store(
                TLanes.MultiplyAdd(
                    EdgeLanes<TLanes, TVector>.Load(y + i, left),
                    scale,
                    EdgeLanes<TLanes, TVector>.Load(bias + i, left)),
                y + i,
                left);
        }
    }
}
