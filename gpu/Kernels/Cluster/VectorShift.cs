using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>Vectors as they are seen from another origin.</summary>
internal static class VectorShift
{
    /// <summary>
    /// Writes vector - origin; all have one length, a multiple of 16. The results may be rounded as
    /// single precision rounds them.
    /// </summary>
    public static void Subtract(
        ReadOnlySpan<float> vector, ReadOnlySpan<float> origin, Span<float> moved)
    {
        ReadOnlySpan<Vector512<float>> from = MemoryMarshal.Cast<float, Vector512<float>>(vector);
        ReadOnlySpan<Vector512<float>> by = MemoryMarshal.Cast<float, Vector512<float>>(origin);
        Span<Vector512<float>> to = MemoryMarshal.Cast<float, Vector512<float>>(moved);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i] - by[i];
        }
    }

    /// <summary>Writes vector + origin; the same shapes.</summary>
    public static void Add(
        ReadOnlySpan<float> vector, ReadOnlySpan<float> origin, Span<float> moved)
    {
        ReadOnlySpan<Vector512<float>> from = MemoryMarshal.Cast<float, Vector512<float>>(vector);
        ReadOnlySpan<Vector512<float>> by = MemoryMarshal.Cast<float, Vector512<float>>(origin);
        Span<Vector512<float>> to = MemoryMarshal.Cast<float, Vector512<float>>(moved);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i] + by[i];
        }
    }
}
