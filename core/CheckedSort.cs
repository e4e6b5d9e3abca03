namespace NeuroDb;

/// <summary>
/// Sorts numbers of rows and looks for cancellation meanwhile: short runs are sorted, then merged
/// two by two. Equal rows keep their order. Between two looks there are at most
/// <see cref="ComparisonCountMax"/> comparisons, however many rows there are.
/// </summary>
internal static class CheckedSort
{
    private const int RunLength = 1 << 12;

    /// <summary>
    /// The most comparisons without a look: a run sorted twice as badly as it should be.
    /// </summary>
    public const int ComparisonCountMax = 2 * RunLength * 12;

    /// <summary>Sorts rows; O(n log n), with as much memory again.</summary>
    /// <param name="rows">The rows, sorted in place.</param>
    /// <param name="comparison">The order; rows that are equal keep theirs.</param>
    /// <param name="look">Ends the statement if it is cancelled.</param>
    public static void Sort(Span<int> rows, Comparison<int> comparison, Action look)
    {
        int count = rows.Length;
        if (count < 2)
        {
            return;
        }

        int[] from = rows.ToArray();
        int[] to = new int[count];
        for (int start = 0; start < count; start += RunLength)
        {
            look();
            SortRun(from.AsSpan(start, Math.Min(RunLength, count - start)), comparison, to);
        }

        for (long length = RunLength; length < count; length *= 2)
        {
            for (long start = 0; start < count; start += 2 * length)
            {
                Merge(
                    from,
                    to,
                    (int)start,
                    (int)Math.Min(count, start + length),
                    (int)Math.Min(count, start + (2 * length)),
                    comparison,
                    look);
            }

            (from, to) = (to, from);
        }

        from.CopyTo(rows);
    }

    // By merging too, so that equal rows keep their order and no comparison is asked twice.
    private static void SortRun(Span<int> run, Comparison<int> comparison, int[] spare)
    {
        for (int length = 1; length < run.Length; length *= 2)
        {
            for (int start = 0; start + length < run.Length; start += 2 * length)
            {
                int end = Math.Min(run.Length, start + (2 * length));
                Span<int> left = spare.AsSpan(0, length);
                run.Slice(start, length).CopyTo(left);
                int next = 0;
                int right = start + length;
                int at = start;
                while (next < length)
                {
                    run[at++] = right < end && comparison(left[next], run[right]) > 0
                        ? run[right++]
                        : left[next++];
                }
            }
        }
    }

    private static void Merge(
        int[] from,
        int[] to,
        int start,
        int middle,
        int end,
        Comparison<int> comparison,
        Action look)
    {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++)
        {
            if (((i - start) & (RunLength - 1)) == 0)
            {
                look();
            }

            bool takesLeft = right >= end
                || (left < middle && comparison(from[left], from[right]) <= 0);
            to[i] = takesLeft ? from[left++] : from[right++];
        }
    }
}
