namespace NeuroDb.Storage;

/// <summary>
/// Says which parts of a table a checkpoint rewrites. Rows in memory always; a segment of which
/// more than a fifth is dead, because its space is worth more than the work; and small segments
/// together with what is written behind them, as long as that is at least half as large: so a row
/// is rewritten only when its segment grows by half or more, which makes the writes of a row and
/// the number of segments logarithmic in the size of the table (the size-tiered merge of O'Neil et
/// al., The Log-Structured Merge-Tree, section 3, with the tiers kept in row order).
/// </summary>
internal static class CompactionPolicy
{
    /// <summary>A segment ends with this many rows.</summary>
    public const long SegmentRowCountMax = 1 << 20;

    /// <summary>A segment ends with this many bytes.</summary>
    public const long SegmentSizeBytesMax = 256L << 20;

    private const double DeadFractionMax = 0.2;
    private const long GrowthFactor = 2;

    /// <summary>The parts to rewrite, in ascending order; O(parts).</summary>
    /// <param name="parts">The parts of a table in the order of their rows.</param>
    /// <param name="isFull">
    /// Whether every dead row is to go and all small segments are to be joined.
    /// </param>
    /// <param name="rowCountMax">The rows of a segment.</param>
    public static List<CompactionRun> Choose(
        IReadOnlyList<CompactionSource> parts,
        bool isFull,
        long rowCountMax = SegmentRowCountMax)
    {
        var isChosen = new bool[parts.Count];
        for (int i = 0; i < parts.Count; i++)
        {
            long dead = parts[i].RowCount - parts[i].LiveCount;
            Invariant.Check(dead >= 0);
            isChosen[i] = parts[i].IsDelta
                || (isFull ? dead > 0 : dead > parts[i].RowCount * DeadFractionMax);
        }

        if (isFull)
        {
            JoinSmall(parts, isChosen, rowCountMax);
        }
        else
        {
            JoinTail(parts, isChosen, rowCountMax);
        }

        return Runs(isChosen);
    }

    // From each chosen part backwards, over those that are not much larger than what follows.
    private static void JoinTail(
        IReadOnlyList<CompactionSource> parts, bool[] isChosen, long rowCountMax)
    {
        long rows = 0;
        long size = 0;
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            CompactionSource part = parts[i];
            bool joins = rows > 0
                && part.LiveCount <= rows * GrowthFactor
                && part.LiveSizeBytes <= size * GrowthFactor
                && Fits(part.LiveCount + rows, part.LiveSizeBytes + size, rowCountMax);
            isChosen[i] |= joins;
            rows = isChosen[i] ? rows + part.LiveCount : 0;
            size = isChosen[i] ? size + part.LiveSizeBytes : 0;
        }
    }

    private static void JoinSmall(
        IReadOnlyList<CompactionSource> parts, bool[] isChosen, long rowCountMax)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            if (Fits(
                parts[i - 1].LiveCount + parts[i].LiveCount,
                parts[i - 1].LiveSizeBytes + parts[i].LiveSizeBytes,
                rowCountMax))
            {
                isChosen[i - 1] = true;
                isChosen[i] = true;
            }
        }
    }

    private static bool Fits(long rows, long sizeBytes, long rowCountMax) =>
        rows <= rowCountMax && sizeBytes <= SegmentSizeBytesMax;

    private static List<CompactionRun> Runs(bool[] isChosen)
    {
        var runs = new List<CompactionRun>();
        int start = 0;
        while (start < isChosen.Length)
        {
            int end = start;
            while (end < isChosen.Length && isChosen[end])
            {
                end++;
            }

            if (end > start)
            {
                runs.Add(new CompactionRun(start, end - start));
            }

            start = end + 1;
        }

        return runs;
    }
}
