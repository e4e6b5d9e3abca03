namespace NeuroDb.Neural;

/// <summary>
/// Examples for training, in passes. A pass is pulled in pieces of any size, so a source may be
/// larger than memory.
/// </summary>
internal interface IExampleSource
{
    /// <summary>Numbers of the features of an example.</summary>
    int FeatureCount { get; }

    /// <summary>Numbers of the target of an example.</summary>
    int TargetCount { get; }

    /// <summary>How many examples a pass has, or -1 if that is only known at its end.</summary>
    long Count { get; }

    /// <summary>
    /// Begins a pass. The order of the examples depends on the number of the pass and on nothing
    /// that changes between runs.
    /// </summary>
    IExampleReader Open(int pass);
}
