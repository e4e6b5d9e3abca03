namespace NeuroDb.Neural;

/// <summary>How random weights begin.</summary>
internal enum InitialValue
{
    /// <summary>He before a rectifier, Glorot elsewhere.</summary>
    Auto,

    /// <summary>
    /// Normal of variance 2 / fan in (He et al., "Delving Deep into Rectifiers", ICCV 2015).
    /// </summary>
    He,

    /// <summary>
    /// Uniform of variance 2 / (fan in + fan out) (Glorot and Bengio, AISTATS 2010).
    /// </summary>
    Glorot,
}
