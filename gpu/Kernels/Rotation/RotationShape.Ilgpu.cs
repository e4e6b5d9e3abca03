using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="RotationKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RotationShape
{
    /// <summary>Vectors on the device.</summary>
    public int RowCount;

    /// <summary>The padded dimension.</summary>
    public int Length;

    /// <summary>How many elements a transform spans.</summary>
    public int WindowLength;

    /// <summary>Rounds of signs, transform and mixing.</summary>
    public int Rounds;
}
