using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// Compiles kernels for CUDA, which needs no device: what only the simulator takes fails here.
/// </summary>
internal static class CudaCode
{
    private static readonly ConcurrentDictionary<MethodInfo, Lazy<string>> Compiled = new();

    /// <summary>Checks that a kernel has code for CUDA; compiles each kernel once.</summary>
    public static void Check(MethodInfo kernel) =>
        Assert.Contains(
            ".entry",
            Compiled.GetOrAdd(kernel, static method => new(() => Compile(method))).Value,
            StringComparison.Ordinal);

    private static string Compile(MethodInfo kernel)
    {
        using Context context = Context.Create(builder => builder.EnableAlgorithms());
        using var backend = new PTXBackend(
            context, new CudaArchitecture(8, 0), CudaInstructionSet.ISA_70, null!);
        var compiled = (PTXCompiledKernel)backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel),
            KernelSpecialization.Empty);
        return compiled.PTXAssembly;
    }
}
