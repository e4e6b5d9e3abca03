using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// Exact similarity scan with fused top-k, device form. A warp takes a row, its lanes share the
/// elements, and each warp keeps the k best rows it has seen; at the end a group merges the lists
/// of its warps, so that k candidates a group leave the device.
/// </summary>
/// <remarks>
/// Shapes: rows (RowCount, RowLength), query (RowLength), both in chunks of 16 bytes and padded
/// with zeros; mask (RowCount / 64) or empty; listRanks and listIndexes (warps, K), scratch;
/// ranks and indexes (groups, K), the result, ascending, closed by
/// <see cref="DeviceOrder.NoIndex"/>. The group size is a multiple of the warp size. A row whose
/// rank is NaN is no candidate.
/// </remarks>
internal static class FusedScanKernel
{
    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run<TChunk, TRank>(
        ArrayView<TChunk> rows,
        ArrayView<TChunk> query,
        ArrayView<ulong> mask,
        ArrayView<float> listRanks,
        ArrayView<int> listIndexes,
        ArrayView<float> ranks,
        ArrayView<int> indexes,
        ScanShape shape)
        where TChunk : unmanaged
        where TRank : struct, IDeviceRank<TChunk>
    {
        int warps = Group.DimX / Warp.WarpSize;
        int firstWarp = Grid.IdxX * warps;
        int warp = firstWarp + (Group.IdxX / Warp.WarpSize);
        var list = new WarpList(listRanks, listIndexes, (long)warp * shape.K, shape.K);
        list.Clear();
        float lastRank = list.LastRank;
        int lastIndex = list.LastIndex;
        for (int row = warp; row < shape.RowCount; row += Grid.DimX * warps)
        {
            if (shape.IsMasked != 0 && ((mask[row / 64] >> (row % 64)) & 1) == 0)
            {
                continue;
            }

            float rank = Rank<TChunk, TRank>(rows, query, (long)row * shape.RowLength, shape);
            if (DeviceOrder.IsBefore(rank, row, lastRank, lastIndex)
                && DeviceOrder.IsBefore(shape.AfterRank, shape.AfterIndex, rank, row))
            {
                list.Insert(rank, row);
                lastRank = list.LastRank;
                lastIndex = list.LastIndex;
            }
        }

        Merge(listRanks, listIndexes, 0, ranks, indexes, 0, shape.K);
    }

    /// <summary>The rank of one row, the same on every lane of the warp.</summary>
    private static float Rank<TChunk, TRank>(
        ArrayView<TChunk> rows, ArrayView<TChunk> query, long start, ScanShape shape)
        where TChunk : unmanaged
        where TRank : struct, IDeviceRank<TChunk>
    {
        TRank operation = default;
        int lanes = Warp.WarpSize;
        float sum = 0;
        float norm = 0;
        float otherSum = 0;
        float otherNorm = 0;
        int i = Warp.LaneIdx;
        for (; i + lanes < shape.RowLength; i += 2 * lanes)
        {
            TChunk element = rows[start + i];
            TChunk other = rows[start + i + lanes];
            sum = operation.Add(element, query[i], sum);
            norm = operation.AddNorm(element, norm);
            otherSum = operation.Add(other, query[i + lanes], otherSum);
            otherNorm = operation.AddNorm(other, otherNorm);
        }

        if (i < shape.RowLength)
        {
            TChunk element = rows[start + i];
            sum = operation.Add(element, query[i], sum);
            norm = operation.AddNorm(element, norm);
        }

        sum += otherSum;
        norm += otherNorm;
        for (int distance = lanes / 2; distance > 0; distance /= 2)
        {
            sum += Warp.ShuffleXor(sum, distance);
            norm += Warp.ShuffleXor(norm, distance);
        }

        return operation.Finish(sum, norm, shape.QuerySquaredNorm);
    }

    /// <summary>
    /// Merges the lists of the group's warps: an entry's place in the result is its place in its
    /// own list plus the entries before it in every other list. The lists of all groups begin at
    /// one start, the results of all groups at the other.
    /// </summary>
    public static void Merge(
        ArrayView<float> listRanks,
        ArrayView<int> listIndexes,
        long listsStart,
        ArrayView<float> ranks,
        ArrayView<int> indexes,
        long resultsStart,
        int k)
    {
        int warps = Group.DimX / Warp.WarpSize;
        long firstList = listsStart + ((long)Grid.IdxX * warps * k);
        long result = resultsStart + ((long)Grid.IdxX * k);
        for (int i = Group.IdxX; i < k; i += Group.DimX)
        {
            ranks[result + i] = float.PositiveInfinity;
            indexes[result + i] = DeviceOrder.NoIndex;
        }

        Group.Barrier();
        for (int entry = Group.IdxX; entry < warps * k; entry += Group.DimX)
        {
            float rank = listRanks[firstList + entry];
            int index = listIndexes[firstList + entry];
            int own = entry / k;
            int place = entry % k;
            for (int other = 0; other < warps && place < k; other++)
            {
                if (other != own)
                {
                    var list = new WarpList(
                        listRanks, listIndexes, firstList + ((long)other * k), k);
                    place += list.CountBefore(rank, index);
                }
            }

            if (index != DeviceOrder.NoIndex && place < k)
            {
                ranks[result + place] = rank;
                indexes[result + place] = index;
            }
        }
    }
}
