namespace NeuroDb.Query;

/// <summary>What a <see cref="VectorDistanceExpression"/> gives of the metric's distance.</summary>
internal enum VectorMeasure
{
    /// <summary>
    /// The distance itself, of pseudo-type DISTANCE; for inner products the negative.
    /// </summary>
    Distance,

    /// <summary>
    /// similarity(), of pseudo-type SCORE: the cosine, the inner product, the Jaccard similarity,
    /// or the negative distance for L2, L1 and Hamming.
    /// </summary>
    Similarity,

    /// <summary>inner_product(): the product as a plain DOUBLE PRECISION.</summary>
    InnerProduct,
}
