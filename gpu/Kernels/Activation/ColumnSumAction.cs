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
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                Run<TLanes, TVector>(
                    y == null ? null : y + column, dy + column, sums + column, columns - column);
            }
        }
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
