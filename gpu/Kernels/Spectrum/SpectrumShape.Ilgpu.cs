using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="SpectrumKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SpectrumShape
{
    /// <summary>Frames of the sound.</summary>
    public int Frames;

    /// <summary>Samples from one frame to the next.</summary>
    public int Hop;

    /// <summary>Samples of a frame.</summary>
    public int WindowLength;

    /// <summary>Points of a transform, a power of two.</summary>
    public int Length;

    /// <summary>Mel bands.</summary>
    public int Bands;
}
