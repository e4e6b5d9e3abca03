using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="NearestCentroid"/>, device form: a warp takes a vector and goes through the
/// centroids, its lanes share the dimensions.
/// </summary>
/// <remarks>
/// Shapes: vectors (rows, Length), centroids (clusters, Length), both in <see cref="Float4"/> and
/// padded with zeros; assignment and distances (rows): -1 and NaN where no distance is defined.
/// </remarks>
internal static class NearestKernel
{
    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(
        ArrayView<Float4> vectors,
        ArrayView<Float4> centroids,
        ArrayView<int> assignment,
        ArrayView<float> distances,
        NearestShape shape)
    {
        int lanes = Warp.WarpSize;
        int warps = Group.DimX / lanes;
        int warp = (Grid.IdxX * warps) + (Group.IdxX / lanes);
        for (int row = warp; row < shape.RowCount; row += Grid.DimX * warps)
        {
            float best = float.PositiveInfinity;
            int nearest = -1;
            for (int i = 0; i < shape.ClusterCount; i++)
            {
                float distance = Distance(
                    vectors,
                    (long)row * shape.Length,
                    centroids,
                    (long)i * shape.Length,
                    shape.Length);
                if (distance < best)
                {
                    best = distance;
                    nearest = i;
                }
            }

            if (Warp.LaneIdx == 0)
            {
                assignment[row] = nearest;
                distances[row] = nearest < 0 ? float.NaN : best;
            }
        }
    }

    private static float Distance(
        ArrayView<Float4> vectors,
        long vector,
        ArrayView<Float4> centroids,
        long centroid,
        int length)
    {
        DeviceFloats floats = default;
        float sum = 0;
        for (int i = Warp.LaneIdx; i < length; i += Warp.WarpSize)
        {
            sum = floats.AddSquaredDifference(vectors[vector + i], centroids[centroid + i], sum);
        }

        for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2)
        {
            sum += Warp.ShuffleXor(sum, distance);
        }

        return sum;
    }
}
