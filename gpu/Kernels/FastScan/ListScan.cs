namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="FastScan"/> over the blocks of a list that lie one behind the other, each with its
/// factors behind its codes; only the rows that a threshold leaves come out.
/// </summary>
/// <remarks>
/// Shapes: blocks (count, <see cref="BlockSizeBytes"/>); the last block may be filled in part. Out
/// come the slots of the rows (block * 32 + row), ascending, with estimate and lower bound.
/// </remarks>
internal static class ListScan
{
    /// <summary>Bytes of the codes and factors of 32 rows.</summary>
    public static int BlockSizeBytes(int bits, int dimension) =>
        CodeBlock.SizeBytes(bits, dimension) + (CodeBlock.FactorCount * sizeof(float));

    /// <summary>Blocks that hold so many rows.</summary>
    public static int BlockCountOf(int rows) =>
        (rows + CodeBlock.RowCount - 1) / CodeBlock.RowCount;

    /// <summary>Finds the rows that may rank at or below the threshold.</summary>
    /// <returns>How many were found.</returns>
    public static int Filter(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> blocks,
        int rowCount,
        float threshold,
        ListSurvivors survivors) =>
        Filter(query, probe, blocks, rowCount, threshold, survivors, VectorWidths.Widest);

    /// <summary>The same with a given register width.</summary>
    public static int Filter(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> blocks,
        int rowCount,
        float threshold,
        ListSurvivors survivors,
        VectorWidth width)
    {
        int blockCount = BlockCountOf(rowCount);
        int size = query.Tables.Length + (CodeBlock.FactorCount * sizeof(float));
        Invariant.Check(blocks.Length == (long)blockCount * size, "whole blocks");
        survivors.Reserve(blockCount * CodeBlock.RowCount);
        var action = new ListScanAction(query, probe, blocks, rowCount, threshold, survivors);
        FloatDispatch.Run(width, ref action);
        return action.Count;
    }
}
