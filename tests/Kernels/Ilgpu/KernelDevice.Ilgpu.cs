using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// Launches device code with the arrays of one test: on a CUDA device where there is one, and on
/// ILGPU's simulator of a device with warps and groups of the given size elsewhere.
/// </summary>
internal sealed class KernelDevice : IDisposable
{
    private readonly Context _context;
    private readonly Accelerator _device;
    private readonly List<MemoryBuffer> _buffers = [];
    private readonly int _groupSize;

    /// <summary>Opens a device for launches of so many groups.</summary>
    public KernelDevice(int groups = 2, int groupSize = 8, int warpSize = 4)
    {
        Groups = groups;
        if (IlgpuDevice.HasCuda())
        {
            _context = Context.Create(builder => builder.Cuda().EnableAlgorithms());
            _device = _context.CreateCudaAccelerator(0);
            _groupSize = groupSize / warpSize * _device.WarpSize;
        }
        else
        {
            var shape = new CPUDevice(warpSize, groupSize / warpSize, 1);
            _context = Context.Create(builder => builder.CPU(shape).EnableAlgorithms());
            _device = _context.CreateCPUAccelerator(0);
            _groupSize = groupSize;
        }
    }

    /// <summary>The groups of a launch.</summary>
    public int Groups { get; }

    /// <summary>The warps of all groups.</summary>
    public int Warps => Groups * _groupSize / _device.WarpSize;

    /// <summary>Brings a copy of the items to the device.</summary>
    public ArrayView<T> Send<T>(T[] items)
        where T : unmanaged
    {
        if (items.Length == 0)
        {
            return ArrayView<T>.Empty;
        }

        MemoryBuffer1D<T, Stride1D.Dense> buffer = _device.Allocate1D(items);
        _buffers.Add(buffer);
        return buffer.View;
    }

    /// <summary>What an array of the device holds after the launches so far.</summary>
    public T[] Fetch<T>(ArrayView<T> items)
        where T : unmanaged
    {
        var fetched = new T[items.Length];
        if (fetched.Length > 0)
        {
            items.CopyToCPU(fetched);
        }

        return fetched;
    }

    /// <summary>Runs a kernel.</summary>
    public void Launch(Delegate kernel, params object[] arguments) =>
        Launch(kernel.Method, arguments);

    /// <summary>Runs a kernel, generic ones with their types.</summary>
    public void Launch(MethodInfo kernel, params object[] arguments)
    {
        CudaCode.Check(kernel);
        Kernel loaded = _device.LoadKernel(kernel);
        loaded.Launcher!.Invoke(
            null,
            [loaded, _device.DefaultStream, new KernelConfig(Groups, _groupSize), .. arguments]);
        _device.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffers.ForEach(static buffer => buffer.Dispose());
        _device.Dispose();
        _context.Dispose();
    }
}
