using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of an <see cref="NgramHashKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NgramHashShape
{
    /// <summary>Units of all texts.</summary>
    public long Length;

    /// <summary>Units of the shortest n-gram.</summary>
    public int Shortest;

    /// <summary>Units of the longest n-gram.</summary>
    public int Longest;
}
