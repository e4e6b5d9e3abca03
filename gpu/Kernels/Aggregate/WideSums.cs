using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>The SIMD form of <see cref="VectorSum"/>, a method for each register width.</summary>
internal static class WideSums
{
    /// <summary>Adds whole registers; gives how many elements they held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Add512(Span<double> sums, ReadOnlySpan<float> vector)
    {
        int i = 0;
        for (; i + 16 <= vector.Length; i += 16)
        {
            (Vector512<double> lower, Vector512<double> upper) =
                Vector512.Widen(Vector512.Create(vector.Slice(i, 16)));
            Span<double> target = sums.Slice(i, 16);
            (Vector512.Create<double>(target) + lower).CopyTo(target);
            Span<double> next = target[8..];
            (Vector512.Create<double>(next) + upper).CopyTo(next);
        }

        return i;
    }

    /// <summary>Adds whole registers; gives how many elements they held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Add256(Span<double> sums, ReadOnlySpan<float> vector)
    {
        int i = 0;
        for (; i + 8 <= vector.Length; i += 8)
        {
            (Vector256<double> lower, Vector256<double> upper) =
                Vector256.Widen(Vector256.Create(vector.Slice(i, 8)));
            Span<double> target = sums.Slice(i, 8);
            (Vector256.Create<double>(target) + lower).CopyTo(target);
            Span<double> next = target[4..];
            (Vector256.Create<double>(next) + upper).CopyTo(next);
        }

        return i;
    }

    /// <summary>Adds whole registers; gives how many elements they held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Add128(Span<double> sums, ReadOnlySpan<float> vector)
    {
        int i = 0;
        for (; i + 4 <= vector.Length; i += 4)
        {
            (Vector128<double> lower, Vector128<double> upper) =
                Vector128.Widen(Vector128.Create(vector.Slice(i, 4)));
            Span<double> target = sums.Slice(i, 4);
            (Vector128.Create<double>(target) + lower).CopyTo(target);
            Span<double> next = target[2..];
            (Vector128.Create<double>(next) + upper).CopyTo(next);
        }

        return i;
    }
}
