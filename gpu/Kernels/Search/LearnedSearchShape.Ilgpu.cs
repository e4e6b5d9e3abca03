using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of a <see cref="LearnedSearchKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LearnedSearchShape
{
    /// <summary>Queries on the device.</summary>
    public int QueryCount;

    /// <summary>Keys of the array.</summary>
    public int KeyCount;

    /// <summary>Levels of the directory; 0 without lines.</summary>
    public int LevelCount;

    /// <summary>Keys of the top of the directory.</summary>
    public int TopKeyCount;

    /// <summary>The greatest distance between a place and what its line says.</summary>
    public int ErrorBound;
}
