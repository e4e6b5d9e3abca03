using ILGPU.Runtime.Cuda;

namespace NeuroDb.Gpu;

/// <summary>Device-side arithmetic that ILGPU does not emit by itself.</summary>
internal static class DeviceMath
{
    /// <summary>
    /// a.X * b.X + a.Y * b.Y + a.Z * b.Z + a.W * b.W + sum: four fused multiply-adds on CUDA. They
    /// stand in one piece of assembly, because each piece passes its result through local memory.
    /// </summary>
    public static float DotAdd(Float4 a, Float4 b, float sum)
    {
        if (!CudaAsm.IsSupported)
        {
            return (a.X * b.X) + ((a.Y * b.Y) + ((a.Z * b.Z) + ((a.W * b.W) + sum)));
        }

        CudaAsm.Emit(
            "fma.rn.f32 %0, %1, %2, %9; "
            + "fma.rn.f32 %0, %3, %4, %0; "
            + "fma.rn.f32 %0, %5, %6, %0; "
            + "fma.rn.f32 %0, %7, %8, %0;",
            out float result,
            a.W,
            b.W,
            a.Z,
            b.Z,
            a.Y,
            b.Y,
            a.X,
            b.X,
            sum);
        return result;
    }
}
