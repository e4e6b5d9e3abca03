using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// Where the calling thread stands among all threads of a launch, for kernels whose threads take
/// every so manyth number.
/// </summary>
internal static class DeviceGrid
{
    /// <summary>The first number of this thread.</summary>
    public static int First => (Grid.IdxX * Group.DimX) + Group.IdxX;

    /// <summary>How far apart the numbers of a thread are.</summary>
    public static int Step => Grid.DimX * Group.DimX;
}
