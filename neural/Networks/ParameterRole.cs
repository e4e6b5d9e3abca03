namespace NeuroDb.Neural;

/// <summary>How a parameter of a layer begins and how training changes it.</summary>
internal enum ParameterRole
{
    /// <summary>Random at first, decays.</summary>
    Weights,

    /// <summary>Zero at first; does not decay.</summary>
    Bias,

    /// <summary>One at first; does not decay.</summary>
    Gain,

    /// <summary>A mean of what batches showed, zero at first; no gradient.</summary>
    RunningMean,

    /// <summary>A mean of what batches showed, one at first; no gradient.</summary>
    RunningVariance,
}
