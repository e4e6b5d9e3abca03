namespace NeuroDb.Neural;

/// <summary>What training makes small.</summary>
internal enum LossKind
{
    /// <summary>-log of the probability of the class, after a softmax of the outputs.</summary>
    CrossEntropy,

    /// <summary>-log of the probability of 0 or 1, after a sigmoid of each output.</summary>
    BinaryCrossEntropy,

    /// <summary>(y - t)^2.</summary>
    MeanSquared,

    /// <summary>|y - t|.</summary>
    MeanAbsolute,

    /// <summary>(y - t)^2 / 2 up to 1, |y - t| - 1/2 beyond (Huber, 1964).</summary>
    Huber,

    /// <summary>
    /// max(0, d(a, p) - d(a, n) + 1) with the farthest p of the class of a and the nearest n of
    /// another in the batch (Hermans et al., "In Defense of the Triplet Loss", 2017).
    /// </summary>
    Triplet,

    /// <summary>
    /// -log of the softmax, over the cosines with all other rows of the batch, of that of the same
    /// target.
    /// </summary>
    Views,
}
