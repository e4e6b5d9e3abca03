using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="BatchScanKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchScanShape
{
    /// <summary>Rows on the device.</summary>
    public int RowCount;

    /// <summary>Length of a row and of a query in chunks of 16 bytes.</summary>
    public int RowLength;

    /// <summary>How many candidates each group gives for each query, at least 1.</summary>
    public int K;

    /// <summary>1 where a mask selects the rows, 0 where all are candidates.</summary>
    public int IsMasked;
}
