namespace NeuroDb.Neural;

/// <summary>The optimizers by the names that users give.</summary>
internal enum OptimizerKind
{
    /// <summary>Plain gradient descent.</summary>
    Sgd,

    /// <summary>Gradient descent with momentum 0.9.</summary>
    Momentum,

    /// <summary>Adam.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>RMSprop.</summary>
    RmsProp,

    /// <summary>AdaGrad.</summary>
    AdaGrad,

    /// <summary>Adafactor, which keeps sums of rows and columns.</summary>
    Adafactor,
}
