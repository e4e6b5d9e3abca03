namespace NeuroDb.Query;

/// <summary>Which rows of an input are looked at for its part of a join.</summary>
/// <param name="Passing">Those that satisfy its conditions; null for all.</param>
/// <param name="Count">Of how many, conditions aside.</param>
/// <param name="Keys">In which bins of the column that it is joined by they lie.</param>
/// <param name="SampleCorrection">
/// By what their share has to be multiplied because few of them pass.
/// </param>
/// <param name="Correction">By what it has to be multiplied for all reasons.</param>
internal sealed record LeafRows(
    int[]? Passing, int Count, SampleBins Keys, double SampleCorrection, double Correction)
{
    // More take longer to sum than an estimate may.
    public const int RankedCountMax = 2048;

    /// <summary>The rows of the small sample.</summary>
    public static LeafRows OfSample(JoinKey key, ScanSample sample, KeyBins bins) => new(
        sample.Passing,
        sample.Statistics.SampleRowCount,
        sample.Statistics.BinsOf(key.Ordinal, bins),
        sample.SampleCorrection,
        sample.Correction);

    /// <summary>
    /// Those of the ranked sample that may have partners; null if there are too many of them, or
    /// none in a sample that is not the whole table.
    /// </summary>
    /// <param name="key">The column that the input is joined by.</param>
    /// <param name="sample">The input.</param>
    /// <param name="above">The columns that this one is equal to.</param>
    /// <param name="below">The others that the input is joined by, with its own column.</param>
    public static LeafRows? OfRanked(
        JoinKey key,
        ScanSample sample,
        JoinVariable above,
        List<(JoinVariable Variable, JoinKey Own)> below)
    {
        if ((sample.Passing is null && below.Count == 0)
            || RankedSample.Of(sample) is not { } ranked
            || ranked.BinsOf(key.Ordinal, above.Bins) is not { } keys)
        {
            return null;
        }

        var joined = new List<JoinedRows> { ranked.JoinedBy(key.Ordinal, above, keys) };
        foreach ((JoinVariable variable, JoinKey own) in below)
        {
            if (ranked.BinsOf(own.Ordinal, variable.Bins) is not { } others)
            {
                return null;
            }

            joined.Add(ranked.JoinedBy(own.Ordinal, variable, others));
        }

        // Where the sample says that there are too many, nothing has to be compared.
        double share = (sample.Passing?.Length ?? sample.Statistics.SampleRowCount)
            / (double)sample.Statistics.SampleRowCount;
        if (share * joined.Min(static rows => rows.Count) > 2 * RankedCountMax
            || sample.RankedBits() is not { } passing)
        {
            return null;
        }

        Span<ulong> bits = stackalloc ulong[passing.Length];
        passing.CopyTo(bits);
        foreach (JoinedRows rows in joined)
        {
            RankedSample.And(bits, rows.Bits);
        }

        int count = SampleBits.CountOf(bits);
        return count > RankedCountMax || (count == 0 && !ranked.IsWhole) ? null : new LeafRows(
            SampleBits.RowsOf(bits),
            ranked.Count,
            keys,
            sample.RankedCorrection,
            sample.Correction / sample.SampleCorrection * sample.RankedCorrection)
        {
            Ranked = ranked,
            PassingCount = SampleBits.CountOf(passing),
        };
    }

    /// <summary>How many rows satisfy the conditions, with partners or without.</summary>
    public int PassingCount { get; private init; } = Passing?.Length ?? Count;

    /// <summary>Where the rows come from; null for the small sample.</summary>
    public RankedSample? Ranked { get; private init; }

    /// <summary>In which bins of another column the rows lie.</summary>
    public int[] BinsOf(JoinKey own, KeyBins bins, ScanSample sample) => Ranked is null
        ? sample.Statistics.BinsOf(own.Ordinal, bins).Rows
        : Ranked.BinsOf(own.Ordinal, bins)!.Rows;
}
