using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="HashedSumKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HashedSumShape
{
    /// <summary>How many texts there are.</summary>
    public int Texts;

    /// <summary>Numbers of a vector.</summary>
    public int Dimension;

    /// <summary>Coordinates of a feature.</summary>
    public int Blocks;
}
