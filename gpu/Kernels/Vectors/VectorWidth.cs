namespace NeuroDb.Gpu;

/// <summary>The register width that a SIMD kernel runs with.</summary>
internal enum VectorWidth
{
    /// <summary>128-bit registers: SSE or AdvSimd, and the software form of either.</summary>
    Bits128,

    /// <summary>256-bit registers: AVX2.</summary>
    Bits256,

    /// <summary>512-bit registers: AVX-512.</summary>
    Bits512,
}
