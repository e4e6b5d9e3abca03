namespace NeuroDb.Tests.Kernels;

/// <summary>The devices of this build: ILGPU's simulator in two shapes, and CUDA.</summary>
internal static class DeviceForms
{
    private const string Cuda = "cuda";

    /// <summary>The devices by name.</summary>
    public static IReadOnlyList<string> Names { get; } = IlgpuDevice.HasCuda()
        ? ["simulated, 4 warps of 4", "simulated, 2 warps of 8", Cuda]
        : ["simulated, 4 warps of 4", "simulated, 2 warps of 8"];

    /// <summary>Opens a device.</summary>
    public static IDeviceForm Open(string name) =>
        name == Cuda ? IlgpuDevice.Cuda()
        : name == Names[0] ? IlgpuDevice.Simulated(4, 4)
        : IlgpuDevice.Simulated(8, 2);
}
