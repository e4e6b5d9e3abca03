namespace NeuroDb.Gpu;

/// <summary>
/// How the closeness of two vectors is measured. Kernels return distances: the lower, the closer.
/// </summary>
internal enum Metric
{
    /// <summary>Euclidean distance: sqrt(sum((a[i] - b[i])^2)).</summary>
    L2,

    /// <summary>Cosine distance: 1 - dot(a, b) / (|a| |b|), NaN where a norm is zero.</summary>
    Cosine,

    /// <summary>Negative inner product: -sum(a[i] b[i]).</summary>
    InnerProduct,

    /// <summary>Manhattan distance: sum(|a[i] - b[i]|).</summary>
    L1,

    /// <summary>Hamming distance: the dimensions in which a[i] != b[i].</summary>
    Hamming,

    /// <summary>Jaccard distance, of bits only: 1 - |a AND b| / |a OR b|.</summary>
    Jaccard,
}
