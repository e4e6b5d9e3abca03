using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Tells which rows of a slice have all words of a condition, by a text index of the column. Safe
/// for many threads.
/// </summary>
internal sealed class WordTest(TextIndex index, TableSnapshot snapshot, ulong[] words)
{
    /// <summary>
    /// The test of one execution.
    /// </summary>
    /// <param name="condition">The condition, which has an index.</param>
    /// <param name="snapshot">The rows.</param>
    /// <param name="context">Where the words are computed.</param>
    public static WordTest Begin(
        TextMatchExpression condition, TableSnapshot snapshot, ExecutionContext context)
    {
        Invariant.Check(condition.Index is not null);
        var words = new List<ulong>();
        Value text = Conditions.ValueOf(condition.Words, context);
        if (!text.IsNull)
        {
            _ = TextAnalyzer.Instance.Analyze(text.AsText(), words);
        }

        return new WordTest(condition.Index.Structure, snapshot, [.. words.Distinct()]);
    }

    /// <summary>The visible rows of a slice that have all words, in order.</summary>
    public int[] RowsOf(int slice)
    {
        if (words.Length == 0)
        {
            return [];
        }

        TextPostings postings = index.PostingsOf(snapshot, slice, out TableSlice rows);
        lock (postings)
        {
            PostingList[] lists = [.. words.Select(postings.Find)
                .OrderBy(static it => it.Rows.Length)];
            var found = new List<int>();
            foreach (ushort row in lists[0].Rows)
            {
                if (row < rows.Count && rows.IsVisible(row)
                    && lists.All(list => list.Rows.BinarySearch(row) >= 0))
                {
                    found.Add(row);
                }
            }

            return [.. found];
        }
    }
}
