using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Seeded vectors, masks and blocks for kernel tests.</summary>
internal static class VectorData
{
    /// <summary>Floats in [-1, 1).</summary>
    public static float[] Floats(int count, int seed)
    {
        var random = new SeededRandomSource((ulong)seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (int)(random.NextUInt64() >> 40) / (float)(1 << 23) - 1;
        }

        return values;
    }

    /// <summary>Small whole numbers, so that sums are exact and ties are frequent.</summary>
    public static float[] WholeFloats(int count, int seed, int bound)
    {
        float[] values = Floats(count, seed);
        for (int i = 0; i < count; i++)
        {
            values[i] = MathF.Round(values[i] * bound);
        }

        return values;
    }

    /// <summary>The metrics that every element type has.</summary>
    public static Metric[] Metrics { get; } =
        [Metric.L2, Metric.Cosine, Metric.InnerProduct, Metric.L1, Metric.Hamming];

    /// <summary>
    /// Elements of a type: numbers in [-1, 1), signed bytes of any value, random bits.
    /// </summary>
    public static TElement[] Elements<TElement>(int count, int seed)
    {
        float[] floats = Floats(count, seed);
        return
        [
            .. floats.Select(number => (TElement)(object)(typeof(TElement) switch
            {
                Type type when type == typeof(Half) => (object)(Half)number,
                Type type when type == typeof(sbyte) => (sbyte)MathF.Floor(number * 128),
                Type type when type == typeof(byte) => (byte)MathF.Floor((number + 1) * 128),
                _ => number,
            })),
        ];
    }

    /// <summary>A mask in which about every third row is selected.</summary>
    public static ulong[] Mask(int count, int seed)
    {
        float[] choice = Floats(count, seed);
        var mask = new ulong[(count + 63) / 64];
        for (int i = 0; i < count; i++)
        {
            if (choice[i] < -0.3f)
            {
                mask[i / 64] |= 1UL << (i % 64);
            }
        }

        return mask;
    }

    /// <summary>Random rows, each followed by so many NaN that no kernel may read.</summary>
    public static VectorBlock Block(int count, int dimension, int padding, int seed)
    {
        int stride = dimension + padding;
        float[] values = Floats(count * stride, seed);
        for (int i = 0; i < values.Length; i++)
        {
            if (i % stride >= dimension)
            {
                values[i] = float.NaN;
            }
        }

        return new VectorBlock(values, count, stride, 1000);
    }
}
