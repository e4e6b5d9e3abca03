using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="FastScan"/> over many blocks, device form: a warp takes a block and a lane a row, so
/// that the bytes of a sub-code are read together and each lane looks up its own half.
/// </summary>
/// <remarks>
/// Shapes: codes (blocks, SubCodeCount, 16), tables (SubCodeCount, 16), factors (blocks, 3, 32);
/// estimates and lowers (blocks, 32). No barriers: groups and warps of any size.
/// </remarks>
internal static class FastScanKernel
{
    private const int Rows = 32;
    private const int SubCodeSizeBytes = 16;

    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<byte> codes,
        ArrayView<byte> tables,
        ArrayView<float> factors,
        ArrayView<float> estimates,
        ArrayView<float> lowers,
        FastScanShape shape)
    {
        int thread = (Grid.IdxX * Group.DimX) + Group.IdxX;
        long rows = (long)shape.BlockCount * Rows;
        for (long i = thread; i < rows; i += (long)Grid.DimX * Group.DimX)
        {
            int block = (int)(i / Rows);
            int row = (int)(i % Rows);
            int sum = Sum(codes, tables, block, row, shape.SubCodeCount);
            long own = ((long)block * 3 * Rows) + row;
            float scale = factors[own + Rows];
            float estimate = shape.Term + factors[own]
                + (scale * ((shape.Step * sum) + shape.Base));
            float error = (shape.Distance * factors[own + (2 * Rows)])
                + (IntrinsicMath.Abs(scale) * shape.Spread);
            estimates[i] = estimate;
            lowers[i] = estimate - (shape.Confidence * error);
        }
    }

    private static int Sum(
        ArrayView<byte> codes, ArrayView<byte> tables, int block, int row, int subCodes)
    {
        int place = (row % 8 * 2) + (row / 8 % 2);
        int shift = row / 16 * 4;
        long start = ((long)block * subCodes * SubCodeSizeBytes) + place;
        int sum = 0;
        for (int i = 0; i < subCodes; i++)
        {
            int code = (codes[start + (i * SubCodeSizeBytes)] >> shift) & 15;
            sum += tables[(i * SubCodeSizeBytes) + code];
        }

        return sum;
    }
}
