namespace NeuroDb.Bench;

/// <summary>What vectors are compared by; files for the cosine are normalised first.</summary>
internal enum VectorMetric
{
    /// <summary>Euclidean distance.</summary>
    L2,

    /// <summary>Cosine distance.</summary>
    Cosine,

    /// <summary>Inner product.</summary>
    InnerProduct,
}
