using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of an <see cref="EncodeKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EncodeShape
{
    /// <summary>Vectors on the device.</summary>
    public int RowCount;

    /// <summary>The padded dimension.</summary>
    public int Length;

    /// <summary>Dimensions of the head of a code of a list.</summary>
    public int HeadLength;

    /// <summary>Bits for each dimension: 1, 4 or 8.</summary>
    public int Bits;

    /// <summary>1 / (t / deviation): the inverse step for a residual of deviation 1.</summary>
    public float InverseUnitStep;
}
