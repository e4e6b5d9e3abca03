namespace ILGPU.Runtime.Cuda;

/// <summary>Test stand-in: there is no PTX here, so kernels must take their portable branch.</summary>
public static class CudaAsm
{
    public static bool IsSupported => false;

    public static void Emit<T0, T1, T2, T3>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3) =>
        throw new NotSupportedException(asm);
}
