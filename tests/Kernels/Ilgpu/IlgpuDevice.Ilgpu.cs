using ILGPU;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Runs device code on ILGPU: its simulator, or CUDA where there is a device.</summary>
internal sealed class IlgpuDevice(DeviceAccelerator accelerator) : IDeviceForm
{
    /// <summary>The accelerator under test.</summary>
    public DeviceAccelerator Accelerator => accelerator;

    /// <summary>A simulated device with so many lanes in a warp and warps in a group.</summary>
    public static IlgpuDevice Simulated(int warpSize, int warps, long rowsSizeBytesMax = 1 << 20)
    {
        var device = new CPUDevice(warpSize, warps, 1);
        Context context = Context.Create(builder => builder.CPU(device).EnableAlgorithms());
        return new(new DeviceAccelerator(
            context, context.CreateCPUAccelerator(0), rowsSizeBytesMax));
    }

    /// <summary>The first CUDA device.</summary>
    public static IlgpuDevice Cuda()
    {
        Context context = Context.Create(builder => builder.Cuda().EnableAlgorithms());
        return new(new DeviceAccelerator(context, context.CreateCudaAccelerator(0)));
    }

    /// <summary>Whether the machine has a CUDA device.</summary>
    public static bool HasCuda()
    {
        using Context context = Context.Create(builder => builder.Cuda());
        return context.GetCudaDevices().Count > 0;
    }

    /// <inheritdoc/>
    public Candidate[] Scan(ScanQuery query, VectorBlock block) =>
        accelerator.Scan(query, [block], default);

    /// <inheritdoc/>
    public void Dispose() => accelerator.Dispose();
}
