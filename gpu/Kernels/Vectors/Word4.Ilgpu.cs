using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// 16 bytes of packed elements that a device loads with one instruction: 8 halves, 16 signed bytes
/// or 128 bits, in the order of memory.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Word4
{
    /// <summary>Bytes in one.</summary>
    public const int SizeBytes = 16;

    /// <summary>The first four bytes, the first one lowest.</summary>
    public uint X;

    /// <summary>The second four bytes.</summary>
    public uint Y;

    /// <summary>The third four bytes.</summary>
    public uint Z;

    /// <summary>The last four bytes.</summary>
    public uint W;
}
