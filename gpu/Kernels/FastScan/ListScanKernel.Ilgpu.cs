using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="ListScan"/>, device form: a warp takes a block, its lanes the rows, and reads the
/// tail only if the head leaves one of them.
/// </summary>
/// <remarks>
/// Shapes: head codes (blocks, HeadSubCodeCount, 16), tail codes (blocks, TailSubCodeCount, 16),
/// tables (both counts, 16), factors (blocks, 4, 32): HeadAdd, Scale, ratio of Error and Scale,
/// Add; estimates and lowers (blocks, 32), of a block that is left out infinite. Warps of any
/// power of two up to 32, no barriers.
/// </remarks>
internal static class ListScanKernel
{
    private const int Rows = 32;
    private const int SubCodeSizeBytes = 16;
    private const int FactorCount = 4 * Rows;

    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<byte> heads,
        ArrayView<byte> tails,
        ArrayView<byte> tables,
        ArrayView<float> factors,
        ArrayView<float> estimates,
        ArrayView<float> lowers,
        ListScanShape shape)
    {
        int lanes = Warp.WarpSize;
        int warps = Group.DimX / lanes;
        int warp = (Grid.IdxX * warps) + (Group.IdxX / lanes);
        for (int block = warp; block < shape.BlockCount; block += Grid.DimX * warps)
        {
            int left = 0;
            for (int row = Warp.LaneIdx; row < Rows; row += lanes)
            {
                int sum = Sum(heads, tables, block, row, shape.HeadSubCodeCount, 0);
                left += HeadLower(factors, shape, block, row, sum) > shape.Threshold ? 0 : 1;
            }

            for (int distance = lanes / 2; distance > 0; distance /= 2)
            {
                left += Warp.ShuffleXor(left, distance);
            }

            for (int row = Warp.LaneIdx; row < Rows; row += lanes)
            {
                Rank(heads, tails, tables, factors, estimates, lowers, shape, block, row, left);
            }
        }
    }

    private static float HeadLower(
        ArrayView<float> factors, ListScanShape shape, int block, int row, int sum)
    {
        long own = ((long)block * FactorCount) + row;
        float scale = factors[own + Rows];
        float estimate = shape.Term + factors[own]
            + (scale * ((shape.HeadStep * sum) + shape.HeadBase));
        float deviation = shape.HeadErrorFirst
            + (shape.HeadErrorSecond * factors[own + (2 * Rows)]);
        float error = (shape.Distance * deviation) + shape.HeadSpread;
        return estimate - (shape.Confidence * IntrinsicMath.Abs(scale) * error);
    }

    private static void Rank(
        ArrayView<byte> heads,
        ArrayView<byte> tails,
        ArrayView<byte> tables,
        ArrayView<float> factors,
        ArrayView<float> estimates,
        ArrayView<float> lowers,
        ListScanShape shape,
        int block,
        int row,
        int left)
    {
        long place = ((long)block * Rows) + row;
        if (left == 0)
        {
            estimates[place] = float.PositiveInfinity;
            lowers[place] = float.PositiveInfinity;
            return;
        }

        int sum = Sum(heads, tables, block, row, shape.HeadSubCodeCount, 0)
            + Sum(tails, tables, block, row, shape.TailSubCodeCount, shape.HeadSubCodeCount);
        long own = ((long)block * FactorCount) + row;
        float scale = factors[own + Rows];
        float estimate = shape.Term + factors[own + (3 * Rows)]
            + (scale * ((shape.Step * sum) + shape.Base));
        float error = (shape.Distance * factors[own + (2 * Rows)]) + shape.Spread;
        estimates[place] = estimate;
        lowers[place] = estimate - (shape.Confidence * IntrinsicMath.Abs(scale) * error);
    }

    private static int Sum(
        ArrayView<byte> codes, ArrayView<byte> tables, int block, int row, int subCodes,
        int firstTable)
    {
        int shift = row / 16 * 4;
        long start = ((long)block * subCodes * SubCodeSizeBytes)
            + (row % 8 * 2) + (row / 8 % 2);
        int sum = 0;
        for (int i = 0; i < subCodes; i++)
        {
            int code = (codes[start + (i * SubCodeSizeBytes)] >> shift) & 15;
            sum += tables[((firstTable + i) * SubCodeSizeBytes) + code];
        }

        return sum;
    }
}
