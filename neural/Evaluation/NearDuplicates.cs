using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Finds rows that are equal or nearly so, as sets of hashes compared by Jaccard's share of common
/// ones. The join misses nothing: two sets of a similarity t share one of the rarest
/// |x| - ceil(t |x|) + 1 members of each (Bayardo, Ma and Srikant, "Scaling Up All Pairs Similarity
/// Search", WWW 2007, section 4), and every candidate is compared whole.
/// </summary>
internal static class NearDuplicates
{
    private const double Rounding = 1e-9;

    /// <summary>
    /// The pairs of rows whose similarity is at least the threshold, each with the lower number
    /// first. Of rows that are equal each is paired with the first of them alone.
    /// </summary>
    public static IReadOnlyList<DuplicatePair> Find(
        IReadOnlyList<ulong[]> rows, double threshold, CancellationToken cancellationToken)
    {
        if (!(threshold is > 0 and <= 1))
        {
            throw NeuralErrors.InvalidModel(
                "The threshold of duplicates is above 0 and at most 1.");
        }

        var pairs = new List<DuplicatePair>();
        List<(int Row, int[] Ranks)> distinct = Distinct(rows, pairs);
        var index = new Dictionary<int, List<int>>();
        var shared = new Dictionary<int, int>();
        for (int i = 0; i < distinct.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] ranks = distinct[i].Ranks;
            shared.Clear();
            int prefix = ranks.Length - (int)Math.Ceiling((threshold * ranks.Length) - Rounding)
                + 1;
            foreach (int rank in ranks.AsSpan(0, Math.Min(prefix, ranks.Length)))
            {
                List<int> others = CollectionsMarshal.GetValueRefOrAddDefault(
                    index, rank, out _) ??= [];
                foreach (int other in others)
                {
                    // The shorter one must be long enough to hold the share of the longer one.
                    if (distinct[other].Ranks.Length >= (threshold * ranks.Length) - Rounding)
                    {
                        shared[other] = 1;
                    }
                }

                others.Add(i);
            }

            foreach (int other in shared.Keys)
            {
                double similarity = Jaccard(ranks, distinct[other].Ranks);
                if (similarity >= threshold - Rounding)
                {
                    pairs.Add(Pair(distinct[other].Row, distinct[i].Row, similarity));
                }
            }
        }

        return [.. pairs.OrderByDescending(pair => pair.Similarity)
            .ThenBy(pair => pair.First).ThenBy(pair => pair.Second)];
    }

    /// <summary>The words and pairs of neighbouring words of a text, as hashes.</summary>
    public static IEnumerable<ulong> UnitsOf(string text) =>
        TextNgrams.Units(text, hasPairs: true);

    private static DuplicatePair Pair(int first, int second, double similarity) =>
        new(Math.Min(first, second), Math.Max(first, second), similarity);

    /// <summary>
    /// The first row of each set, from the shortest, its members ordered by how rare they are.
    /// </summary>
    private static List<(int Row, int[] Ranks)> Distinct(
        IReadOnlyList<ulong[]> rows, List<DuplicatePair> pairs)
    {
        var counts = new Dictionary<ulong, int>();
        var sets = new ulong[rows.Count][];
        for (int i = 0; i < sets.Length; i++)
        {
            sets[i] = [.. rows[i].Distinct().Order()];
            foreach (ulong member in sets[i])
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, member, out _)++;
            }
        }

        Dictionary<ulong, int> rankOf = counts.OrderBy(it => it.Value).ThenBy(it => it.Key)
            .Select((it, rank) => (it.Key, rank)).ToDictionary(it => it.Key, it => it.rank);
        var firsts = new Dictionary<ulong, List<int>>();
        var distinct = new List<(int, int[])>();
        for (int i = 0; i < sets.Length; i++)
        {
            ulong hash = Hash64.Of(MemoryMarshal.AsBytes<ulong>(sets[i]));
            List<int> same = CollectionsMarshal.GetValueRefOrAddDefault(
                firsts, hash, out _) ??= [];
            int first = same.FindIndex(other => sets[other].AsSpan().SequenceEqual(sets[i]));
            if (first >= 0)
            {
                pairs.Add(new DuplicatePair(same[first], i, 1));
                continue;
            }

            same.Add(i);
            if (sets[i].Length > 0)
            {
                distinct.Add((i, [.. sets[i].Select(member => rankOf[member]).Order()]));
            }
        }

        distinct.Sort((a, b) => a.Item2.Length != b.Item2.Length
            ? a.Item2.Length.CompareTo(b.Item2.Length) : a.Item1.CompareTo(b.Item1));
        return distinct;
    }

    private static double Jaccard(int[] first, int[] second)
    {
        int common = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            common += first[i] == second[j] ? 1 : 0;
            int step = first[i].CompareTo(second[j]);
            i += step <= 0 ? 1 : 0;
            j += step >= 0 ? 1 : 0;
        }

        return common / (double)(first.Length + second.Length - common);
    }
}
