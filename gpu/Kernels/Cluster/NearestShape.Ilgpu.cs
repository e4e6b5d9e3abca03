using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="NearestKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NearestShape
{
    /// <summary>Vectors on the device.</summary>
    public int RowCount;

    /// <summary>Centroids on the device.</summary>
    public int ClusterCount;

    /// <summary>Length of a vector in <see cref="Float4"/>.</summary>
    public int Length;
}
