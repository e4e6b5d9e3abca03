namespace NeuroDb.Gpu;

/// <summary>One pass of a normalisation over columns.</summary>
internal enum BatchNormalizationPass
{
    /// <summary>Means and variances of the columns.</summary>
    Moments,

    /// <summary>x times a number of the column plus another.</summary>
    Apply,

    /// <summary>The sums of dy and of dy (x - mean).</summary>
    Sums,

    /// <summary>dx = p dy + q x + s.</summary>
    Gradient,
}
