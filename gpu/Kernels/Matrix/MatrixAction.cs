namespace NeuroDb.Gpu;

/// <summary>A matrix product that waits for its registers.</summary>
internal readonly unsafe ref struct MatrixAction(
    MatrixShape shape,
    ReadOnlySpan<float> a,
    ReadOnlySpan<float> b,
    Span<float> c,
    ProductEpilogue epilogue) : IFloatAction
{
    private readonly ReadOnlySpan<float> _a = a;
    private readonly ReadOnlySpan<float> _b = b;
    private readonly Span<float> _c = c;
    private readonly ProductEpilogue _epilogue = epilogue;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* a = _a, b = _b, c = _c, bias = _epilogue.Bias)
        {
            var operands = new MatrixOperands(a, b, c, bias)
            {
                IsAdded = _epilogue.IsAdded,
                IsRectified = _epilogue.IsRectified,
            };
            MatrixLoop<TLanes, TVector>.Run(shape, operands);
        }
    }
}
