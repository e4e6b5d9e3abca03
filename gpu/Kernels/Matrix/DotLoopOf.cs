namespace NeuroDb.Gpu;

/// <summary>A matrix times one column: a dot product for each row.</summary>
internal static unsafe class DotLoop<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Runs the product.</summary>
    public static void Run(MatrixShape shape, in MatrixOperands operands)
    {
        float bias = operands.Bias == null ? 0 : *operands.Bias;
        for (int i = 0; i < shape.Rows; i++)
        {
            float sum = Dot(operands.A + ((nint)i * shape.Depth), operands.B, shape.Depth);
            sum = (operands.IsAdded ? operands.C[i] + sum : sum) + bias;
            operands.C[i] = operands.IsRectified ? MathF.Max(sum, 0) : sum;
        }
    }

    /// <summary>The sum of a[k] * b[k].</summary>
    public static float Dot(float* a, float* b, int length)
    {
        TVector first = default;
        TVector second = default;
        int k = 0;
        for (; k + (2 * TLanes.Count) <= length; k += 2 * TLanes.Count)
        {
            first = TLanes.MultiplyAdd(TLanes.Load(a + k), TLanes.Load(b + k), first);
            second = TLanes.MultiplyAdd(
                TLanes.Load(a + k + TLanes.Count), TLanes.Load(b + k + TLanes.Count), second);
        }

        for (; k < length; k += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, length - k);
            first = TLanes.MultiplyAdd(
                TLanes.LoadPartial(a + k, count), TLanes.LoadPartial(b + k, count), first);
        }

        return TLanes.Sum(TLanes.Add(first, second));
    }
}
