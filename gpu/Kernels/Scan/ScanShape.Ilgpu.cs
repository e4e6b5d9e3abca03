using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="FusedScanKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScanShape
{
    /// <summary>Rows on the device.</summary>
    public int RowCount;

    /// <summary>Length of a row and of the query in chunks of 16 bytes.</summary>
    public int RowLength;

    /// <summary>How many candidates each group gives, at least 1.</summary>
    public int K;

    /// <summary>1 where a mask selects the rows, 0 where all are candidates.</summary>
    public int IsMasked;

    /// <summary>dot(query, query).</summary>
    public float QuerySquaredNorm;

    /// <summary>Only rows after this rank and <see cref="AfterIndex"/> are candidates.</summary>
    public float AfterRank;

    /// <summary>The row at which the last launch for the same query ended, or -1.</summary>
    public int AfterIndex;
}
