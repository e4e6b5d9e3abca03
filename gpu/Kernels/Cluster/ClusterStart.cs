namespace NeuroDb.Gpu;

/// <summary>Where the centroids of <see cref="KMeans"/> begin.</summary>
internal enum ClusterStart
{
    /// <summary>At rows drawn evenly.</summary>
    Sample,

    /// <summary>
    /// At rows drawn with a chance in proportion to the squared distance from those drawn before
    /// (Arthur and Vassilvitskii, k-means++, SODA 2007, section 2.2).
    /// </summary>
    PlusPlus,
}
