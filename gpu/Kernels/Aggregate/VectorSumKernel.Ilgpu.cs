using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="VectorSum"/> of many vectors, device form: a thread takes a dimension and adds up
/// its column in the order of rows, so that the sums are those of the reference, to the bit.
/// </summary>
/// <remarks>Shapes: vectors (rows, dimension), sums (dimension).</remarks>
internal static class VectorSumKernel
{
    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<float> vectors, ArrayView<double> sums, int rowCount, int dimension)
    {
        int thread = (Grid.IdxX * Group.DimX) + Group.IdxX;
        for (int i = thread; i < dimension; i += Grid.DimX * Group.DimX)
        {
            double sum = sums[i];
            for (int row = 0; row < rowCount; row++)
            {
                sum += vectors[((long)row * dimension) + i];
            }

            sums[i] = sum;
        }
    }
}
