namespace NeuroDb.Gpu;

/// <summary>
/// A pass over columns that waits for its registers; a register goes down the rows. Sums are taken
/// over stretches of rows and then added in double precision.
/// </summary>
internal readonly unsafe ref struct BatchNormalizationAction(
    BatchNormalizationPass pass,
    ReadOnlySpan<float> x,
    ReadOnlySpan<float> dy,
    ReadOnlySpan<float> first,
    ReadOnlySpan<float> second,
    ReadOnlySpan<float> third,
    Span<float> result,
    Span<float> otherResult) : IFloatAction
{
    private const int StretchRows = 128;

    private readonly ReadOnlySpan<float> _x = x;
    private readonly ReadOnlySpan<float> _dy = dy;
    private readonly ReadOnlySpan<float> _first = first;
    private readonly ReadOnlySpan<float> _second = second;
    private readonly ReadOnlySpan<float> _third = third;
    private readonly Span<float> _result = result;
    private readonly Span<float> _otherResult = otherResult;

    private int Columns =>
        pass is BatchNormalizationPass.Moments ? _result.Length : _first.Length;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int column = 0; column < Columns; column += TLanes.Count)
        {
            if (pass is BatchNormalizationPass.Moments or BatchNormalizationPass.Sums)
            {
                Sum<TLanes, TVector>(column);
            }
            else
            {
                Map<TLanes, TVector>(column);
            }
        }
    }

    private void Map<TLanes, TVector>(int column)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int left = Columns - column;
        fixed (float* x = _x, dy = _dy, y = _result)
        fixed (float* first = _first, second = _second, third = _third)
        {
            TVector a = EdgeLanes<TLanes, TVector>.Load(first + column, left);
            TVector b = EdgeLanes<TLanes, TVector>.Load(second + column, left);
            TVector c = third == null
                ? default : EdgeLanes<TLanes, TVector>.Load(third + column, left);
            for (nint at = column; at < _x.Length; at += Columns)
            {
                TVector input = EdgeLanes<TLanes, TVector>.Load(x + at, left);
                TVector mapped = third == null
                    ? TLanes.MultiplyAdd(input, a, b)
                    : TLanes.MultiplyAdd(
                        EdgeLanes<TLanes, TVector>.Load(dy + at, left),
                        a,
                        TLanes.MultiplyAdd(input, b, c));
                EdgeLanes<TLanes, TVector>.Store(mapped, y + at, left);
            }
        }
    }

    private void Sum<TLanes, TVector>(int column)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int left = Math.Min(TLanes.Count, Columns - column);
        double* sums = stackalloc double[16];
        if (pass == BatchNormalizationPass.Sums)
        {
            SumOf<TLanes, TVector>(column, default, false, sums);
            Give(sums, left, 1, _result[column..]);
            fixed (float* means = _first)
            {
                TVector mean = EdgeLanes<TLanes, TVector>.Load(means + column, left);
                SumOf<TLanes, TVector>(column, mean, true, sums);
            }

            Give(sums, left, 1, _otherResult[column..]);
            return;
        }

        double rows = _x.Length / Columns;
        SumOf<TLanes, TVector>(column, default, false, sums);
        Give(sums, left, rows, _result[column..]);
        fixed (float* means = _result)
        {
            TVector mean = EdgeLanes<TLanes, TVector>.Load(means + column, left);
            SumOf<TLanes, TVector>(column, mean, true, sums);
        }

        Give(sums, left, rows, _otherResult[column..]);
    }

    /// <summary>
    /// The sums of x or of (x - mean)^2; of dy or of dy (x - mean) where there is a gradient.
    /// </summary>
    private void SumOf<TLanes, TVector>(int column, TVector mean, bool isProduct, double* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int left = Columns - column;
        float* numbers = stackalloc float[16];
        new Span<double>(sums, 16).Clear();
        fixed (float* x = _x, dy = _dy)
        {
            nint stretch = (nint)StretchRows * Columns;
            for (nint start = column; start < _x.Length; start += stretch)
            {
                TVector sum = default;
                nint end = Math.Min(_x.Length, start + stretch);
                for (nint at = start; at < end; at += Columns)
                {
                    TVector difference = TLanes.Subtract(
                        EdgeLanes<TLanes, TVector>.Load(x + at, left), mean);
                    TVector gradient = dy == null
                        ? difference : EdgeLanes<TLanes, TVector>.Load(dy + at, left);
                    sum = isProduct
                        ? TLanes.MultiplyAdd(gradient, difference, sum)
                        : TLanes.Add(sum, gradient);
                }

                TLanes.Store(sum, numbers);
                for (int i = 0; i < TLanes.Count; i++)
                {
                    sums[i] += numbers[i];
                }
            }
        }
    }

    private static void Give(double* sums, int count, double divisor, Span<float> result)
    {
        for (int i = 0; i < count; i++)
        {
            result[i] = (float)(sums[i] / divisor);
        }
    }
}
