using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="FastScan"/> over the codes of one bit of a list, in two steps: the heads of all
/// blocks say of most of them that no row may rank at or below the threshold, and only of the
/// others are the tails read. Only the rows that the whole code leaves come out.
/// </summary>
/// <remarks>
/// Shapes: blocks as in <see cref="ListBlocks"/>; the last block may be filled in part. Out come
/// the slots of the rows, ascending, with estimate and lower bound. By the head, the estimate is
/// Term + HeadAdd + Scale (HeadStep sum + HeadBase) and the bound lies Confidence |Scale|
/// (Distance (First + Second ratio) + HeadSpread) below it; by the whole code as in FastScan with
/// Error = ratio |Scale|. A block is left out if the bounds of all its rows lie above the
/// threshold; a NaN leaves nothing out.
/// </remarks>
internal static class ListScan
{
    /// <summary>Finds the rows that may rank at or below the threshold.</summary>
    /// <param name="query">The query.</param>
    /// <param name="probe">How the list sees it.</param>
    /// <param name="blocks">The list.</param>
    /// <param name="rowCount">Its rows.</param>
    /// <param name="threshold">What rows have to reach.</param>
    /// <param name="survivors">Where those come that may.</param>
    /// <param name="upcoming">The list that is likely to be scanned next; may be empty.</param>
    /// <returns>How many were found.</returns>
    public static int Filter(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> blocks,
        int rowCount,
        float threshold,
        ListSurvivors survivors,
        ReadOnlySpan<byte> upcoming) => Filter(
            query, probe, blocks, rowCount, threshold, survivors, upcoming, VectorWidths.Widest);

    /// <summary>The same with a given register width.</summary>
    public static int Filter(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> blocks,
        int rowCount,
        float threshold,
        ListSurvivors survivors,
        ReadOnlySpan<byte> upcoming,
        VectorWidth width)
    {
        Prepare(query, blocks, rowCount, survivors);
        var action = new ListScanAction(
            query, probe, blocks, rowCount, threshold, survivors, upcoming);
        FloatDispatch.Run(width, ref action);
        survivors.SizeBytesRead = action.SizeBytesRead;
        return action.Count;
    }

    /// <summary>The reference: the formulas of one row after another.</summary>
    public static int FilterScalar(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> blocks,
        int rowCount,
        float threshold,
        ListSurvivors survivors)
    {
        int dimension = Prepare(query, blocks, rowCount, survivors);
        int headSize = ListBlocks.HeadSizeBytes(dimension);
        int tailSize = ListBlocks.TailSizeBytes(dimension);
        int count = ListBlocks.CountOf(rowCount);
        int found = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> head = blocks.Slice(i * headSize, headSize);
            ReadOnlySpan<byte> tail =
                blocks.Slice((count * headSize) + (i * tailSize), tailSize);
            int rows = Math.Min(CodeBlock.RowCount, rowCount - (i * CodeBlock.RowCount));
            bool isLeft = false;
            for (int row = 0; row < rows; row++)
            {
                isLeft |= !(HeadLower(query, probe, dimension, head, row) > threshold);
            }

            for (int row = 0; isLeft && row < rows; row++)
            {
                (float estimate, float lower) = Rank(query, probe, dimension, head, tail, row);
                if (!(lower > threshold))
                {
                    survivors.Slots[found] = (i * CodeBlock.RowCount) + row;
                    survivors.Estimates[found] = estimate;
                    survivors.Lowers[found++] = lower;
                }
            }
        }

        return found;
    }

    private static int Prepare(
        FastScanQuery query, ReadOnlySpan<byte> blocks, int rowCount, ListSurvivors survivors)
    {
        int dimension = query.Tables.Length / FastScanQuery.EntryCount * 4;
        int count = ListBlocks.CountOf(rowCount);
        Invariant.Check(
            blocks.Length == (long)count * ListBlocks.SizeBytes(dimension), "whole blocks");
        survivors.Reserve(count * CodeBlock.RowCount);
        return dimension;
    }

    private static float HeadLower(
        FastScanQuery query, in ListProbe probe, int dimension, ReadOnlySpan<byte> head, int row)
    {
        int codesSize = ListBlocks.HeadCodesSizeBytes(dimension);
        (float first, float second) = ListBlocks.HeadError(dimension);
        (float add, float scale, float ratio) = FactorsOf(head[codesSize..], row);
        int sum = Sum(query.Tables, head[..codesSize], row);
        float estimate = probe.Term + add
            + (scale * ((query.HeadStep * sum) + query.HeadBase));
        float error = (probe.Distance * (first + (second * ratio))) + query.HeadSpread;
        return estimate - (probe.Confidence * MathF.Abs(scale) * error);
    }

    private static (float Estimate, float Lower) Rank(
        FastScanQuery query, in ListProbe probe, int dimension, ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> tail, int row)
    {
        int headSize = ListBlocks.HeadCodesSizeBytes(dimension);
        int tailSize = ListBlocks.TailCodesSizeBytes(dimension);
        (_, float scale, float ratio) = FactorsOf(head[headSize..], row);
        float add = MemoryMarshal.Cast<byte, float>(tail[tailSize..])[row];
        int sum = Sum(query.Tables, head[..headSize], row)
            + Sum(query.Tables[headSize..], tail[..tailSize], row);
        float estimate = probe.Term + add + (scale * ((query.Step * sum) + query.Base));
        float error = (probe.Distance * ratio) + query.Spread;
        return (estimate, estimate - (probe.Confidence * MathF.Abs(scale) * error));
    }

    private static (float HeadAdd, float Scale, float Ratio) FactorsOf(
        ReadOnlySpan<byte> factors, int row)
    {
        ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(factors);
        ReadOnlySpan<ushort> ratios =
            MemoryMarshal.Cast<float, ushort>(floats[(2 * CodeBlock.RowCount)..]);
        return (
            floats[row],
            floats[CodeBlock.RowCount + row],
            ratios[row] * ListBlocks.RatioStep);
    }

    private static int Sum(ReadOnlySpan<byte> tables, ReadOnlySpan<byte> codes, int row)
    {
        int sum = 0;
        for (int i = 0; i < codes.Length; i += FastScanQuery.EntryCount)
        {
            int both = codes[i + CodeBlock.Place(row)];
            sum += tables[i + ((both >> (row / 16 * 4)) & 15)];
        }

        return sum;
    }
}
