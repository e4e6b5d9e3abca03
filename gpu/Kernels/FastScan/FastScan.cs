namespace NeuroDb.Gpu;

/// <summary>
/// Ranks of 32 codes at once by look-ups inside registers, with their bounds, and which of them a
/// threshold leaves (Andre, Kermarrec and Le Scouarnec, Quicker ADC, TPAMI 2021, section 3).
/// </summary>
/// <remarks>
/// Shapes: codes and factors as in <see cref="CodeBlock"/>, 32 results. For each row the sum of the
/// table entries is exact: 16 bits for up to 256 sub-codes, carried over beyond. Estimate = Term +
/// Add + Scale (Step sum + Base); Lower = Estimate - Confidence (Distance Error + |Scale| Spread);
/// the upper bound mirrors it. A row stays if it is selected and its lower bound is not above the
/// threshold: a NaN stays, since nothing is known of it.
/// </remarks>
internal static class FastScan
{
    /// <summary>The rows of a block that may rank at or below the threshold, a bit each.</summary>
    public static uint Filter(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<float> factors,
        float threshold,
        uint selected,
        in BlockRanks ranks) =>
        Filter(query, probe, codes, factors, threshold, selected, ranks, VectorWidths.Widest);

    /// <summary>The same with a given register width.</summary>
    public static uint Filter(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<float> factors,
        float threshold,
        uint selected,
        in BlockRanks ranks,
        VectorWidth width)
    {
        if (selected == 0)
        {
            return 0;
        }

        Check(query, codes, factors);
        var action = new FastScanAction(query, probe, codes, factors, threshold, ranks);
        FloatDispatch.Run(width, ref action);
        return action.Kept & selected;
    }

    /// <summary>The reference: the formulas of one row after another.</summary>
    public static uint FilterScalar(
        FastScanQuery query,
        in ListProbe probe,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<float> factors,
        float threshold,
        uint selected,
        in BlockRanks ranks)
    {
        Check(query, codes, factors);
        uint kept = 0;
        for (int row = 0; row < CodeBlock.RowCount; row++)
        {
            int sum = 0;
            for (int i = 0; i < codes.Length; i += FastScanQuery.EntryCount)
            {
                int both = codes[i + CodeBlock.Place(row)];
                sum += query.Tables[i + ((both >> (row / 16 * 4)) & 15)];
            }

            CodeFactors own = CodeBlock.ReadFactors(factors, row);
            float product = (query.Step * sum) + query.Base;
            float estimate = probe.Term + own.Add + (own.Scale * product);
            float error = (probe.Distance * own.Error) + (MathF.Abs(own.Scale) * query.Spread);
            ranks.Estimates[row] = estimate;
            ranks.Lowers[row] = estimate - (probe.Confidence * error);
            kept |= ranks.Lowers[row] > threshold ? 0 : 1u << row;
        }

        return kept & selected;
    }

    private static void Check(
        FastScanQuery query, ReadOnlySpan<byte> codes, ReadOnlySpan<float> factors)
    {
        Invariant.Check(codes.Length == query.Tables.Length, "query and block differ in length");
        Invariant.Check(factors.Length == CodeBlock.FactorCount);
    }
}
