namespace NeuroDb.Gpu;

/// <summary>The activation functions; each is defined by its structure.</summary>
internal enum ActivationKind
{
    /// <summary>x.</summary>
    Identity,

    /// <summary><see cref="RectifierActivation"/>.</summary>
    Relu,

    /// <summary><see cref="LeakyRectifierActivation"/>.</summary>
    LeakyRelu,

    /// <summary><see cref="SigmoidActivation"/>.</summary>
    Sigmoid,

    /// <summary><see cref="TanhActivation"/>.</summary>
    Tanh,

    /// <summary><see cref="GaussianErrorActivation"/>.</summary>
    Gelu,

    /// <summary><see cref="ExponentialActivation"/>.</summary>
    Elu,

    /// <summary><see cref="ScaledExponentialActivation"/>.</summary>
    Selu,

    /// <summary><see cref="SigmoidLinearActivation"/>.</summary>
    Silu,

    /// <summary><see cref="SoftRectifierActivation"/>.</summary>
    Softplus,

    /// <summary><see cref="BoundedRectifierActivation"/>.</summary>
    Relu6,

    /// <summary><see cref="HardSigmoidActivation"/>.</summary>
    HardSigmoid,

    /// <summary><see cref="HardSwishActivation"/>.</summary>
    HardSwish,
}
