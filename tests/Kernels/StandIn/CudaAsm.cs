namespace ILGPU.Runtime.Cuda;

/// <summary>
/// Test stand-in: there is no PTX here, so kernels must take their portable branch.
/// </summary>
public static class CudaAsm
{
    public static bool IsSupported => false;

    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>(
        string asm,
        out T0 arg0,
        T1 arg1,
        T2 arg2,
        T3 arg3,
        T4 arg4,
        T5 arg5,
        T6 arg6,
        T7 arg7,
        T8 arg8,
        T9 arg9) => throw new NotSupportedException(asm);

    public static void Emit<T0, T1, T2, T3>(
        string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3) =>
        throw new NotSupportedException(asm);
}
