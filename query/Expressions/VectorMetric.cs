namespace NeuroDb.Query;

/// <summary>The distances between vectors that an index can rank by.</summary>
internal enum VectorMetric
{
    /// <summary>Euclidean distance.</summary>
    L2,

    /// <summary>1 minus the cosine of the angle; NULL for a zero vector.</summary>
    Cosine,

    /// <summary>The inner product; its negative is the distance.</summary>
    InnerProduct,

    /// <summary>Sum of absolute differences.</summary>
    L1,
}
