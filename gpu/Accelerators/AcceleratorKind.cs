namespace NeuroDb.Gpu;

/// <summary>The kind of device that an <see cref="Accelerator"/> runs kernels on.</summary>
internal enum AcceleratorKind
{
    /// <summary>The processor's SIMD units.</summary>
    Cpu,

    /// <summary>An NVIDIA graphics processor.</summary>
    Cuda,
}
