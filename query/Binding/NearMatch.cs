namespace NeuroDb.Query;

/// <summary>Finds what the user may have meant by a name that does not exist.</summary>
internal static class NearMatch
{
    private const int CandidateCountMax = 1000;

    /// <summary>
    /// " Did you mean x?" for the nearest candidate, or nothing if none is near: at most a third
    /// of the letters, and at most three, may differ.
    /// </summary>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = Math.Min(3, Math.Max(1, name.Length / 3)) + 1;
        foreach (string candidate in candidates.Take(CandidateCountMax))
        {
            int distance = Distance(name, candidate);
            if (distance < bestDistance && distance < name.Length)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best is null ? "" : $" Did you mean {best}?";
    }

    /// <summary>
    /// The number of insertions, deletions, substitutions and swaps of neighbours that turn one
    /// name into the other, without regard to case (Damerau 1964; optimal string alignment).
    /// </summary>
    public static int Distance(string left, string right)
    {
        if (left.Length > Limits.NameLengthMax || right.Length > Limits.NameLengthMax)
        {
            return int.MaxValue;
        }

        int[] beforePrevious = new int[right.Length + 1];
        int[] previous = new int[right.Length + 1];
        int[] current = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                int best = Math.Min(previous[j] + 1, current[j - 1] + 1);
                best = Math.Min(best, previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2])
                    && Same(left[i - 2], right[j - 1]))
                {
                    best = Math.Min(best, beforePrevious[j - 2] + 1);
                }

                current[j] = best;
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[right.Length];
    }

    private static bool Same(char left, char right) =>
        char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
