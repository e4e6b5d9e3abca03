using System.Numerics;

namespace NeuroDb.Gpu;

/// <summary>The SIMD form of <see cref="ListScan"/>, waiting for its registers.</summary>
internal unsafe ref struct ListScanAction(
    FastScanQuery query,
    ListProbe probe,
    ReadOnlySpan<byte> blocks,
    int rowCount,
    float threshold,
    ListSurvivors survivors) : IFloatAction
{
    private readonly ReadOnlySpan<byte> _blocks = blocks;

    /// <summary>The rows that were found.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        const int Rows = CodeBlock.RowCount;
        float* sums = stackalloc float[Rows];
        float* estimates = stackalloc float[Rows];
        float* lowers = stackalloc float[Rows];
        int size = query.Tables.Length;
        int found = 0;
        fixed (byte* start = _blocks, tables = query.Tables)
        fixed (int* slots = survivors.Slots)
        fixed (float* foundEstimates = survivors.Estimates, foundLowers = survivors.Lowers)
        {
            byte* block = start;
            byte* end = start + _blocks.Length;
            int blockSize = size + (CodeBlock.FactorCount * sizeof(float));
            for (int first = 0; first < rowCount; first += Rows)
            {
                ReadAhead.Block(block, blockSize, end);
                BlockSums.LookUp<TLanes, TVector>(block, tables, size, sums);
                uint kept = BlockSums.Bound<TLanes, TVector>(
                    query, probe, threshold, sums, (float*)(block + size), estimates, lowers);
                int left = rowCount - first;
                kept = left < Rows ? kept & ((1u << left) - 1) : kept;
                for (; kept != 0; kept &= kept - 1)
                {
                    int row = BitOperations.TrailingZeroCount(kept);
                    slots[found] = first + row;
                    foundEstimates[found] = estimates[row];
                    foundLowers[found] = lowers[row];
                    found++;
                }

                block += blockSize;
            }
        }

        Count = found;
    }
}
