using ILGPU.Runtime.Cuda;

namespace NeuroDb.Gpu;

/// <summary>Device-side arithmetic that ILGPU does not emit by itself.</summary>
internal static class DeviceMath
{
    /// <summary>a * b + c, one instruction and one rounding on CUDA.</summary>
    public static float MultiplyAdd(float a, float b, float c)
    {
        if (!CudaAsm.IsSupported)
        {
            return (a * b) + c;
        }

        CudaAsm.Emit("fma.rn.f32 %0, %1, %2, %3;", out float result, a, b, c);
        return result;
    }
}
