namespace NeuroDb.Gpu;

/// <summary>How an optimizer turns gradients into new weights.</summary>
internal enum UpdateRule
{
    /// <summary>w -= rate g.</summary>
    GradientDescent,

    /// <summary>m = momentum m + g; w -= rate m.</summary>
    Momentum,

    /// <summary>
    /// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate / (1 - b1^t) m / (sqrt(v / (1 -
    /// b2^t)) + e) (Kingma and Ba, "Adam", ICLR 2015, algorithm 1).
    /// </summary>
    Adam,

    /// <summary>
    /// Adam whose decay acts on the weights, not on the gradient (Loshchilov and Hutter,
    /// "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2).
    /// </summary>
    AdamW,

    /// <summary>v = b2 v + (1 - b2) g^2; w -= rate g / (sqrt(v) + e).</summary>
    RmsProp,

    /// <summary>v = v + g^2; w -= rate g / (sqrt(v) + e).</summary>
    AdaGrad,
}
