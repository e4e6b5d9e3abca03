using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="FastScanKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FastScanShape
{
    /// <summary>Blocks on the device.</summary>
    public int BlockCount;

    /// <summary>Sub-codes of a code.</summary>
    public int SubCodeCount;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float Step;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float Base;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float Spread;

    /// <summary>As in <see cref="ListProbe"/>.</summary>
    public float Term;

    /// <summary>As in <see cref="ListProbe"/>.</summary>
    public float Distance;

    /// <summary>As in <see cref="ListProbe"/>.</summary>
    public float Confidence;
}
