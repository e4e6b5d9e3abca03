using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>Four floats that a device loads with one 16-byte instruction.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Float4
{
    /// <summary>Floats in one.</summary>
    public const int Count = 4;

    /// <summary>The element at 4 i.</summary>
    public float X;

    /// <summary>The element at 4 i + 1.</summary>
    public float Y;

    /// <summary>The element at 4 i + 2.</summary>
    public float Z;

    /// <summary>The element at 4 i + 3.</summary>
    public float W;
}
