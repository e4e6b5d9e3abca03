using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>Which register widths this processor has; the widest is what kernels use.</summary>
internal static class VectorWidths
{
    /// <summary>The widest registers that run in hardware.</summary>
    public static VectorWidth Widest =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256
        : VectorWidth.Bits128;

    /// <summary>The name of the instruction set behind <see cref="Widest"/>.</summary>
    public static string InstructionSet => Widest switch
    {
        VectorWidth.Bits512 => "AVX-512",
        VectorWidth.Bits256 => "AVX2",
        _ => AdvSimd.IsSupported ? "AdvSimd" : Sse.IsSupported ? "SSE" : "no SIMD",
    };

    /// <summary>Whether the width runs in hardware; the others give right results slowly.</summary>
    public static bool IsHardware(VectorWidth width) => width <= Widest;
}
