using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>Device form of bits: AND and XOR of words, and the count of ones.</summary>
internal readonly struct DeviceBits : IDeviceElements<Word4>
{
    /// <inheritdoc/>
    public float AddProduct(Word4 a, Word4 b, float sum) =>
        sum + (IntrinsicMath.PopCount(a.X & b.X) + IntrinsicMath.PopCount(a.Y & b.Y)
            + IntrinsicMath.PopCount(a.Z & b.Z) + IntrinsicMath.PopCount(a.W & b.W));

    /// <inheritdoc/>
    public float AddSquaredDifference(Word4 a, Word4 b, float sum) => AddDifferent(a, b, sum);

    /// <inheritdoc/>
    public float AddAbsoluteDifference(Word4 a, Word4 b, float sum) => AddDifferent(a, b, sum);

    /// <inheritdoc/>
    public float AddDifferent(Word4 a, Word4 b, float sum) =>
        sum + (IntrinsicMath.PopCount(a.X ^ b.X) + IntrinsicMath.PopCount(a.Y ^ b.Y)
            + IntrinsicMath.PopCount(a.Z ^ b.Z) + IntrinsicMath.PopCount(a.W ^ b.W));
}
