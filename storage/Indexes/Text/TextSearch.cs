namespace NeuroDb.Storage;

/// <summary>
/// Finds the texts that fit a ranking best: the postings of each term are added up chunk by chunk,
/// and a heap keeps the best rows. O(postings of the terms).
/// </summary>
internal static class TextSearch
{
    /// <summary>
    /// The best rows with a score above 0, best first; equal scores in the order of the table.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="snapshot">The rows.</param>
    /// <param name="ranking">What they are ranked by.</param>
    /// <param name="candidates">
    /// For each slice one bit for each row that may be given, or empty for all of its rows.
    /// </param>
    /// <param name="count">The most rows.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>
    /// Rows as <c>slice * Limits.ChunkRowCount + row</c>.
    /// </returns>
    public static TextMatch[] Run(
        TextIndex index,
        TableSnapshot snapshot,
        TextRanking ranking,
        ulong[][] candidates,
        int count,
        CancellationToken cancellation)
    {
        // The worst row that is kept is on top.
        var best = new PriorityQueue<TextMatch, TextMatch>(TextMatch.WorstFirst);
        double[] scores = new double[Limits.ChunkRowCount];
        for (int slice = 0; slice < candidates.Length; slice++)
        {
            cancellation.ThrowIfCancellationRequested();
            TextPostings postings = index.PostingsOf(snapshot, slice, out TableSlice visible);
            bool isFound;
            lock (postings)
            {
                isFound = AddUp(postings, ranking, scores);
            }

            if (isFound)
            {
                int rows = visible.Count;
                Keep(best, count, slice, candidates[slice].AsSpan(), scores.AsSpan(0, rows));
                Array.Clear(scores);
            }
        }

        var sorted = new TextMatch[best.Count];
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            sorted[i] = best.Dequeue();
        }

        return sorted;
    }

    private static bool AddUp(TextPostings postings, TextRanking ranking, double[] scores)
    {
        bool isFound = false;
        ReadOnlySpan<int> lengths = postings.Lengths;
        for (int term = 0; term < ranking.Terms.Count; term++)
        {
            PostingList list = postings.Find(ranking.Terms[term]);
            ReadOnlySpan<ushort> rows = list.Rows;
            ReadOnlySpan<byte> frequencies = list.Frequencies;
            isFound |= !rows.IsEmpty;
            for (int i = 0; i < rows.Length; i++)
            {
                int row = rows[i];
                scores[row] += ranking.Score(term, frequencies[i], lengths[row]);
            }
        }

        return isFound;
    }

    private static void Keep(
        PriorityQueue<TextMatch, TextMatch> best,
        int count,
        int slice,
        ReadOnlySpan<ulong> candidates,
        ReadOnlySpan<double> scores)
    {
        long first = (long)slice * Limits.ChunkRowCount;
        for (int row = 0; row < scores.Length; row++)
        {
            if (scores[row] <= 0
                || (!candidates.IsEmpty && (candidates[row >> 6] & (1UL << row)) == 0))
            {
                continue;
            }

            var match = new TextMatch(scores[row], first + row);
            if (best.Count < count)
            {
                best.Enqueue(match, match);
            }
            else if (count > 0 && TextMatch.WorstFirst.Compare(best.Peek(), match) < 0)
            {
                best.DequeueEnqueue(match, match);
            }
        }
    }
}
