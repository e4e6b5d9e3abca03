namespace NeuroDb.Gpu;

/// <summary>
/// What happens to the result of a product or convolution while it is still in registers: first
/// what is there is added, then the bias, then negative numbers become zero.
/// </summary>
internal readonly ref struct ProductEpilogue
{
    /// <summary>Added to every row, (columns); empty for none.</summary>
    public ReadOnlySpan<float> Bias { get; init; }

    /// <summary>Whether the product is added to what the result holds.</summary>
    public bool IsAdded { get; init; }

    /// <summary>Whether negative results become zero; NaN stays.</summary>
    public bool IsRectified { get; init; }
}
