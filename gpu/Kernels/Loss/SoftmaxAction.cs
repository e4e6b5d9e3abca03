namespace NeuroDb.Gpu;

/// <summary>A softmax over rows that waits for its registers.</summary>
internal readonly unsafe ref struct SoftmaxAction(
    ReadOnlySpan<float> x, int columns, Span<float> p) : IFloatAction
{
    private readonly ReadOnlySpan<float> _x = x;
    private readonly Span<float> _p = p;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* x = _x, p = _p)
        {
            for (nint row = 0; row < _x.Length; row += columns)
            {
                RunRow<TLanes, TVector>(x + row, p + row);
            }
        }
    }

    private void RunRow<TLanes, TVector>(float* x, float* p)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector shift = TLanes.Create(LargestOf<TLanes, TVector>(x));
        TVector sum = default;
        for (int i = 0; i < columns; i += TLanes.Count)
        {
            TVector part = TLanes.Exp(
                TLanes.Subtract(EdgeLanes<TLanes, TVector>.Load(x + i, columns - i), shift));
            EdgeLanes<TLanes, TVector>.Store(part, p + i, columns - i);
            sum = TLanes.Add(sum, EdgeLanes<TLanes, TVector>.Load(p + i, columns - i));
        }

        TVector scale = TLanes.Create(1 / TLanes.Sum(sum));
        for (int i = 0; i < columns; i += TLanes.Count)
        {
            EdgeLanes<TLanes, TVector>.Store(
                TLanes.Multiply(scale, EdgeLanes<TLanes, TVector>.Load(p + i, columns - i)),
                p + i,
                columns - i);
        }
    }

    private float LargestOf<TLanes, TVector>(float* x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float largest = x[0];
        if (columns < TLanes.Count)
        {
            for (int i = 1; i < columns; i++)
            {
                largest = MathF.Max(largest, x[i]);
            }

            return largest;
        }

        // The last register reaches back over the one before.
        TVector all = TLanes.Load(x + columns - TLanes.Count);
        for (int i = 0; i <= columns - TLanes.Count; i += TLanes.Count)
        {
            all = TLanes.Maximum(all, TLanes.Load(x + i));
        }

        return TLanes.Largest(all);
    }
}
