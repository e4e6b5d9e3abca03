using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The numbers that the elements of a vector stand for, as floats, exactly: what references and
/// conversions work on. A byte stands for eight dimensions, the lowest bit first.
/// </summary>
internal static class ElementNumbers
{
    /// <summary>The numbers of a vector of any element type that kernels know.</summary>
    public static float[] Of<TElement>(ReadOnlySpan<TElement> vector)
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(byte))
        {
            return OfBits(MemoryMarshal.AsBytes(vector));
        }

        var numbers = new float[vector.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            numbers[i] = vector[i] switch
            {
                float single => single,
                Half half => (float)half,
                sbyte whole => whole,
                _ => throw new NotSupportedException($"{typeof(TElement)} is no element type."),
            };
        }

        return numbers;
    }

    private static float[] OfBits(ReadOnlySpan<byte> bits)
    {
        var numbers = new float[8 * bits.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (bits[i / 8] >> (i % 8)) & 1;
        }

        return numbers;
    }
}
