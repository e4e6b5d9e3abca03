using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="ResidualCode"/> of many vectors of one centroid, device form: a warp takes a vector,
/// its lanes share the dimensions. Levels and sums leave the device; the host packs the levels and
/// makes the factors in double precision.
/// </summary>
/// <remarks>
/// Shapes: vectors (rows, Length), centroid (Length); levels (rows, Length); sums (rows, 6): the
/// squared norm, then the products of code and residual, code and code, code and centroid, centroid
/// and residual, code and centroid in the head.
/// </remarks>
internal static class EncodeKernel
{
    private const int SumCount = 6;

    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<float> vectors,
        ArrayView<float> centroid,
        ArrayView<byte> levels,
        ArrayView<float> sums,
        EncodeShape shape)
    {
        int lanes = Warp.WarpSize;
        int warps = Group.DimX / lanes;
        int warp = (Grid.IdxX * warps) + (Group.IdxX / lanes);
        for (int row = warp; row < shape.RowCount; row += Grid.DimX * warps)
        {
            long start = (long)row * shape.Length;
            float norm = 0;
            for (int i = Warp.LaneIdx; i < shape.Length; i += lanes)
            {
                float residual = vectors[start + i] - centroid[i];
                norm += residual * residual;
            }

            norm = Total(norm);
            float inverse = 0;
            if (norm > 0)
            {
                inverse = shape.InverseUnitStep / XMath.Sqrt(norm / shape.Length);
            }

            Quantize(vectors, centroid, levels, sums, shape, row, norm, inverse);
        }
    }

    private static void Quantize(
        ArrayView<float> vectors,
        ArrayView<float> centroid,
        ArrayView<byte> levels,
        ArrayView<float> sums,
        EncodeShape shape,
        int row,
        float norm,
        float inverse)
    {
        long start = (long)row * shape.Length;
        int limit = (1 << shape.Bits) - 1;
        float middle = limit * 0.5f;
        float codeResidual = 0;
        float codeCode = 0;
        float codeCentroid = 0;
        float centroidResidual = 0;
        float headCentroid = 0;
        for (int i = Warp.LaneIdx; i < shape.Length; i += Warp.WarpSize)
        {
            float origin = centroid[i];
            float residual = vectors[start + i] - origin;
            float level = shape.Bits == 1
                ? (residual >= 0 ? 1f : 0f)
                : XMath.Floor((residual * inverse) + middle + 0.5f);
            level = IntrinsicMath.Min(IntrinsicMath.Max(level, 0f), limit);
            levels[start + i] = (byte)level;
            float value = level - middle;
            codeResidual += value * residual;
            codeCode += value * value;
            codeCentroid += value * origin;
            centroidResidual += origin * residual;
            headCentroid += i < shape.HeadLength ? value * origin : 0f;
        }

        codeResidual = Total(codeResidual);
        codeCode = Total(codeCode);
        codeCentroid = Total(codeCentroid);
        centroidResidual = Total(centroidResidual);
        headCentroid = Total(headCentroid);
        if (Warp.LaneIdx == 0)
        {
            long place = (long)row * SumCount;
            sums[place] = norm;
            sums[place + 1] = codeResidual;
            sums[place + 2] = codeCode;
            sums[place + 3] = codeCentroid;
            sums[place + 4] = centroidResidual;
            sums[place + 5] = headCentroid;
        }
    }

    private static float Total(float sum)
    {
        for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2)
        {
            sum += Warp.ShuffleXor(sum, distance);
        }

        return sum;
    }
}
