namespace NeuroDb;

/// <summary>Where similarity scans, learned indexes and networks compute.</summary>
public enum AcceleratorChoice
{
    /// <summary>The fastest that is on the machine and worth its transfers. The default.</summary>
    Auto = 0,

    /// <summary>The processor's vector units.</summary>
    Cpu = 1,

    /// <summary>
    /// An NVIDIA GPU; opening fails with <see cref="ErrorCode.AcceleratorMissing"/> without one.
    /// </summary>
    Cuda = 2,
}
