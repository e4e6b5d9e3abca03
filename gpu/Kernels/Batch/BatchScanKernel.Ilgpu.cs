using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="BatchScan"/>, device form: as <see cref="FusedScanKernel"/>, but a warp compares the
/// chunk of a row that it has loaded with four queries, so that rows are read once for four.
/// </summary>
/// <remarks>
/// Shapes: rows (RowCount, RowLength), queries (4, RowLength), padded with zeros; squaredNorms (4);
/// mask (RowCount / 64) or empty; listRanks and listIndexes (4, warps, K), scratch; ranks and
/// indexes (4, groups, K), the results, ascending, closed by <see cref="DeviceOrder.NoIndex"/>.
/// </remarks>
internal static class BatchScanKernel
{
    /// <summary>Queries of a launch; a smaller batch repeats its last one.</summary>
    public const int QueryCount = 4;

    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run<TChunk, TRank>(
        ArrayView<TChunk> rows,
        ArrayView<TChunk> queries,
        ArrayView<float> squaredNorms,
        ArrayView<ulong> mask,
        ArrayView<float> listRanks,
        ArrayView<int> listIndexes,
        ArrayView<float> ranks,
        ArrayView<int> indexes,
        BatchScanShape shape)
        where TChunk : unmanaged
        where TRank : struct, IDeviceRank<TChunk>
    {
        int warps = Group.DimX / Warp.WarpSize;
        int warp = (Grid.IdxX * warps) + (Group.IdxX / Warp.WarpSize);
        long lists = (long)Grid.DimX * warps * shape.K;
        for (int query = 0; query < QueryCount; query++)
        {
            new WarpList(
                listRanks, listIndexes, (query * lists) + ((long)warp * shape.K), shape.K).Clear();
        }

        for (int row = warp; row < shape.RowCount; row += Grid.DimX * warps)
        {
            if (shape.IsMasked == 0 || ((mask[row / 64] >> (row % 64)) & 1) != 0)
            {
                Float4 found = Ranks<TChunk, TRank>(rows, queries, squaredNorms, row, shape);
                long start = (long)warp * shape.K;
                Insert(listRanks, listIndexes, start, shape.K, found.X, row);
                Insert(listRanks, listIndexes, start + lists, shape.K, found.Y, row);
                Insert(listRanks, listIndexes, start + (2 * lists), shape.K, found.Z, row);
                Insert(listRanks, listIndexes, start + (3 * lists), shape.K, found.W, row);
            }
        }

        for (int query = 0; query < QueryCount; query++)
        {
            FusedScanKernel.Merge(
                listRanks,
                listIndexes,
                query * lists,
                ranks,
                indexes,
                (long)query * Grid.DimX * shape.K,
                shape.K);
        }
    }

    private static void Insert(
        ArrayView<float> ranks, ArrayView<int> indexes, long start, int k, float rank, int row)
    {
        var list = new WarpList(ranks, indexes, start, k);
        if (DeviceOrder.IsBefore(rank, row, list.LastRank, list.LastIndex))
        {
            list.Insert(rank, row);
        }
    }

    /// <summary>The ranks of one row for four queries, the same on every lane.</summary>
    private static Float4 Ranks<TChunk, TRank>(
        ArrayView<TChunk> rows,
        ArrayView<TChunk> queries,
        ArrayView<float> squaredNorms,
        int row,
        BatchScanShape shape)
        where TChunk : unmanaged
        where TRank : struct, IDeviceRank<TChunk>
    {
        TRank operation = default;
        Float4 sums = default;
        float norm = 0;
        long start = (long)row * shape.RowLength;
        int length = shape.RowLength;
        for (int i = Warp.LaneIdx; i < length; i += Warp.WarpSize)
        {
            TChunk element = rows[start + i];
            sums.X = operation.Add(element, queries[i], sums.X);
            sums.Y = operation.Add(element, queries[length + i], sums.Y);
            sums.Z = operation.Add(element, queries[(2 * length) + i], sums.Z);
            sums.W = operation.Add(element, queries[(3 * length) + i], sums.W);
            norm = operation.AddNorm(element, norm);
        }

        for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2)
        {
            sums.X += Warp.ShuffleXor(sums.X, distance);
            sums.Y += Warp.ShuffleXor(sums.Y, distance);
            sums.Z += Warp.ShuffleXor(sums.Z, distance);
            sums.W += Warp.ShuffleXor(sums.W, distance);
            norm += Warp.ShuffleXor(norm, distance);
        }

        Float4 found;
        found.X = operation.Finish(sums.X, norm, squaredNorms[0]);
        found.Y = operation.Finish(sums.Y, norm, squaredNorms[1]);
        found.Z = operation.Finish(sums.Z, norm, squaredNorms[2]);
        found.W = operation.Finish(sums.W, norm, squaredNorms[3]);
        return found;
    }
}
