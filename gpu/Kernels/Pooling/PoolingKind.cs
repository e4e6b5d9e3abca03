namespace NeuroDb.Gpu;

/// <summary>What a window of pixels becomes.</summary>
internal enum PoolingKind
{
    /// <summary>
    /// The largest number, the first of equals; a NaN counts only where it is the first.
    /// </summary>
    Maximum,

    /// <summary>The mean of the pixels inside the image.</summary>
    Average,
}
