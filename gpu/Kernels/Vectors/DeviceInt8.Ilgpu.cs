using ILGPU;
using ILGPU.Runtime.Cuda;

namespace NeuroDb.Gpu;

/// <summary>
/// Device form of signed bytes, four to a word: a chunk is added up in whole numbers, products by
/// dp4a on CUDA.
/// </summary>
internal readonly struct DeviceInt8 : IDeviceElements<Word4>
{
    /// <inheritdoc/>
    public float AddProduct(Word4 a, Word4 b, float sum) =>
        sum + Product(a.X, b.X, Product(a.Y, b.Y, Product(a.Z, b.Z, Product(a.W, b.W, 0))));

    /// <inheritdoc/>
    public float AddSquaredDifference(Word4 a, Word4 b, float sum)
    {
        int total = 0;
        for (int i = 0; i < 32; i += 8)
        {
            int x = Difference(a.X, b.X, i);
            int y = Difference(a.Y, b.Y, i);
            int z = Difference(a.Z, b.Z, i);
            int w = Difference(a.W, b.W, i);
            total += (x * x) + (y * y) + (z * z) + (w * w);
        }

        return sum + total;
    }

    /// <inheritdoc/>
    public float AddAbsoluteDifference(Word4 a, Word4 b, float sum)
    {
        int total = 0;
        for (int i = 0; i < 32; i += 8)
        {
            total += IntrinsicMath.Abs(Difference(a.X, b.X, i));
            total += IntrinsicMath.Abs(Difference(a.Y, b.Y, i));
            total += IntrinsicMath.Abs(Difference(a.Z, b.Z, i));
            total += IntrinsicMath.Abs(Difference(a.W, b.W, i));
        }

        return sum + total;
    }

    /// <inheritdoc/>
    public float AddDifferent(Word4 a, Word4 b, float sum)
    {
        int total = 0;
        for (int i = 0; i < 32; i += 8)
        {
            total += Difference(a.X, b.X, i) == 0 ? 0 : 1;
            total += Difference(a.Y, b.Y, i) == 0 ? 0 : 1;
            total += Difference(a.Z, b.Z, i) == 0 ? 0 : 1;
            total += Difference(a.W, b.W, i) == 0 ? 0 : 1;
        }

        return sum + total;
    }

    private static int Product(uint a, uint b, int sum)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp4a.s32.s32 %0, %1, %2, %3;", out int result, (int)a, (int)b, sum);
            return result;
        }

        for (int i = 0; i < 32; i += 8)
        {
            sum += Element(a, i) * Element(b, i);
        }

        return sum;
    }

    private static int Difference(uint a, uint b, int shift) =>
        Element(a, shift) - Element(b, shift);

    private static int Element(uint word, int shift) => (int)(word << (24 - shift)) >> 24;
}
