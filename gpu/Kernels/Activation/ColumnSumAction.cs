namespace NeuroDb.Gpu;

/// <summary>
/// Sums of columns, after numbers whose output was not positive are set to zero if an output is
/// given.
/// </summary>
internal readonly unsafe ref struct ColumnSumAction(
    ReadOnlySpan<float> y, Span<float> dy, Span<float> sums) : IFloatAction
{
    private readonly ReadOnlySpan<float> _y = y;
    private readonly Span<float> _dy = dy;
    private readonly Span<float> _sums = sums;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* y = _y, dy = _dy, sums = _sums)
        {
            nint columns = _sums.Length;
            nint column = 0;
            for (; column <= columns - (4 * TLanes.Count); column += 4 * TLanes.Count)
            {
                RunFour<TLanes, TVector>(
                    y == null ? null : y + column, dy + column, sums + column);
            }

            for (; column < columns; column += TLanes.Count)
            {
                Run<TLanes, TVector>(
                    y == null ? null : y + column, dy + column, sums + column, columns - column);
            }
        }
    }

    // Four registers side by side read whole stretches of a row.
    private void RunFour<TLanes, TVector>(float* y, float* dy, float* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        nint columns = _sums.Length;
        nint length = _dy.Length;
        int lanes = TLanes.Count;
        TVector a = default, b = default, c = default, d = default;
        for (nint at = 0; at < length; at += columns)
        {
            float* to = dy + at;
            TVector e = TLanes.Load(to), f = TLanes.Load(to + lanes);
            TVector g = TLanes.Load(to + (2 * lanes)), h = TLanes.Load(to + (3 * lanes));
            if (y != null)
            {
                float* test = y + at;
                e = TLanes.WherePositive(TLanes.Load(test), e, default);
                f = TLanes.WherePositive(TLanes.Load(test + lanes), f, default);
                g = TLanes.WherePositive(TLanes.Load(test + (2 * lanes)), g, default);
                h = TLanes.WherePositive(TLanes.Load(test + (3 * lanes)), h, default);
                TLanes.Store(e, to);
                TLanes.Store(f, to + lanes);
                TLanes.Store(g, to + (2 * lanes));
                TLanes.Store(h, to + (3 * lanes));
            }

            a = TLanes.Add(a, e);
            b = TLanes.Add(b, f);
            c = TLanes.Add(c, g);
            d = TLanes.Add(d, h);
        }

        TLanes.Store(TLanes.Add(a, TLanes.Load(sums)), sums);
        TLanes.Store(TLanes.Add(b, TLanes.Load(sums + lanes)), sums + lanes);
        TLanes.Store(TLanes.Add(c, TLanes.Load(sums + (2 * lanes))), sums + (2 * lanes));
        TLanes.Store(TLanes.Add(d, TLanes.Load(sums + (3 * lanes))), sums + (3 * lanes));
    }

    private void Run<TLanes, TVector>(float* y, float* dy, float* sums, nint left)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        nint columns = _sums.Length;
        nint length = _dy.Length;
        TVector sum = default;
        for (nint at = 0; at < length; at += columns)
        {
            TVector gradient = EdgeLanes<TLanes, TVector>.Load(dy + at, left);
            if (y != null)
            {
                gradient = TLanes.WherePositive(
                    EdgeLanes<TLanes, TVector>.Load(y + at, left), gradient, default);
                EdgeLanes<TLanes, TVector>.Store(gradient, dy + at, left);
            }

            sum = TLanes.Add(sum, gradient);
        }

        EdgeLanes<TLanes, TVector>.Store(
            TLanes.Add(sum, EdgeLanes<TLanes, TVector>.Load(sums, left)), sums, left);
    }
}
