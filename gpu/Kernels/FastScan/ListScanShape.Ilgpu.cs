using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="ListScanKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ListScanShape
{
    /// <summary>Blocks on the device.</summary>
    public int BlockCount;

    /// <summary>Sub-codes of a head.</summary>
    public int HeadSubCodeCount;

    /// <summary>Sub-codes of a tail.</summary>
    public int TailSubCodeCount;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float Step;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float Base;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float Spread;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float HeadStep;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float HeadBase;

    /// <summary>As in <see cref="FastScanQuery"/>.</summary>
    public float HeadSpread;

    /// <summary>The first number of <see cref="ListBlocks.HeadError"/>.</summary>
    public float HeadErrorFirst;

    /// <summary>The second one.</summary>
    public float HeadErrorSecond;

    /// <summary>As in <see cref="ListProbe"/>.</summary>
    public float Term;

    /// <summary>As in <see cref="ListProbe"/>.</summary>
    public float Distance;

    /// <summary>As in <see cref="ListProbe"/>.</summary>
    public float Confidence;

    /// <summary>What rows have to reach.</summary>
    public float Threshold;
}
