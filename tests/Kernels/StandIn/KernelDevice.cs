using System.Reflection;
using ILGPU;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// Launches device code with the arrays of one test: on the stand-in, in builds without ILGPU.
/// </summary>
internal sealed class KernelDevice(int groups = 2, int groupSize = 8, int warpSize = 4)
    : IDisposable
{
    /// <summary>The groups of a launch.</summary>
    public int Groups => groups;

    /// <summary>The warps of all groups.</summary>
    public int Warps => groups * groupSize / warpSize;

    /// <summary>Brings a copy of the items to the device.</summary>
    public ArrayView<T> Send<T>(T[] items)
        where T : unmanaged => new([.. items]);

    /// <summary>What an array of the device holds after the launches so far.</summary>
    public T[] Fetch<T>(ArrayView<T> items)
        where T : unmanaged
    {
        var fetched = new T[items.Length];
        for (int i = 0; i < fetched.Length; i++)
        {
            fetched[i] = items[i];
        }

        return fetched;
    }

    /// <summary>Runs a kernel.</summary>
    public void Launch(Delegate kernel, params object[] arguments) =>
        Launch(kernel.Method, arguments);

    /// <summary>Runs a kernel, generic ones with their types.</summary>
    public void Launch(MethodInfo kernel, params object[] arguments) =>
        Lane.Launch(groups, groupSize, warpSize, () => kernel.Invoke(null, arguments));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
