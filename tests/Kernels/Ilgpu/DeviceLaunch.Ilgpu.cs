using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// ILGPU's simulator with the arrays of one test, for kernels that no accelerator launches yet.
/// </summary>
internal sealed class DeviceLaunch : IDisposable
{
    private readonly Context _context =
        Context.Create(builder => builder.CPU(new CPUDevice(4, 4, 1)).EnableAlgorithms());

    private readonly List<MemoryBuffer> _buffers = [];

    /// <summary>Opens the simulator.</summary>
    public DeviceLaunch() => Device = _context.CreateCPUAccelerator(0);

    /// <summary>The simulator.</summary>
    public Accelerator Device { get; }

    /// <summary>Two groups of eight threads.</summary>
    public static KernelConfig Config => new(2, 8);

    /// <summary>Numbers on the device.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Send<T>(T[] items)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = Device.Allocate1D(items);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Numbers of the device, once everything has run.</summary>
    public T[] Fetch<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer)
        where T : unmanaged
    {
        Device.Synchronize();
        return buffer.GetAsArray1D();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffers.ForEach(static buffer => buffer.Dispose());
        Device.Dispose();
        _context.Dispose();
    }
}
