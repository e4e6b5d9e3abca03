using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The steps of a <see cref="RandomRotation"/>, SIMD form. Lengths are multiples of 32, so there is
/// no tail in any width.
/// </summary>
internal static unsafe class HadamardLoop<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const float RootOfHalf = 0.70710678118654752f;

    /// <summary>vector[i] *= factors[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* vector, float* factors, int length)
    {
        for (int i = 0; i < length; i += TLanes.Count)
        {
            TVector element = TLanes.Load(vector + i);
            TLanes.Store(TLanes.Multiply(element, TLanes.Load(factors + i)), vector + i);
        }
    }

    /// <summary>
    /// The Walsh-Hadamard transform in place, without a scale. Strides below a register are
    /// shuffles inside it; above, two strides are done for each pass over memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(float* vector, int length)
    {
        for (int i = 0; i < length; i += TLanes.Count)
        {
            TLanes.Store(TransformRegister(TLanes.Load(vector + i)), vector + i);
        }

        int stride = TLanes.Count;
        for (; stride * 4 <= length; stride *= 4)
        {
            for (int i = 0; i < length; i += 4 * stride)
            {
                TransformFour(vector + i, stride);
            }
        }

        if (stride < length)
        {
            for (int i = 0; i < stride; i += TLanes.Count)
            {
                TVector a = TLanes.Load(vector + i);
                TVector b = TLanes.Load(vector + stride + i);
                TLanes.Store(TLanes.Add(a, b), vector + i);
                TLanes.Store(TLanes.Subtract(a, b), vector + stride + i);
            }
        }
    }

    /// <summary>
    /// Replaces a[i] and a[half + i] by their sum and difference over the root of two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(float* vector, int half)
    {
        TVector scale = TLanes.Create(RootOfHalf);
        for (int i = 0; i < half; i += TLanes.Count)
        {
            TVector a = TLanes.Load(vector + i);
            TVector b = TLanes.Load(vector + half + i);
            TLanes.Store(TLanes.Multiply(TLanes.Add(a, b), scale), vector + i);
            TLanes.Store(TLanes.Multiply(TLanes.Subtract(a, b), scale), vector + half + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector TransformRegister(TVector a)
    {
        a = TLanes.Butterfly(TLanes.Butterfly(a, 1), 2);
        if (TLanes.Count > 4)
        {
            a = TLanes.Butterfly(a, 4);
        }

        return TLanes.Count > 8 ? TLanes.Butterfly(a, 8) : a;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformFour(float* vector, int stride)
    {
        for (int i = 0; i < stride; i += TLanes.Count)
        {
            float* at = vector + i;
            TVector a = TLanes.Load(at);
            TVector b = TLanes.Load(at + stride);
            TVector c = TLanes.Load(at + (2 * stride));
            TVector d = TLanes.Load(at + (3 * stride));
            TVector first = TLanes.Add(a, b);
            TVector second = TLanes.Subtract(a, b);
            TVector third = TLanes.Add(c, d);
            TVector fourth = TLanes.Subtract(c, d);
            TLanes.Store(TLanes.Add(first, third), at);
            TLanes.Store(TLanes.Add(second, fourth), at + stride);
            TLanes.Store(TLanes.Subtract(first, third), at + (2 * stride));
            TLanes.Store(TLanes.Subtract(second, fourth), at + (3 * stride));
        }
    }
}
