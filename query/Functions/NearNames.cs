namespace NeuroDb.Query;

/// <summary>Names that look like a mistyped one, for messages.</summary>
internal static class NearNames
{
    /// <summary>" Did you mean a, b?", or an empty text if nothing is near.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        int limit = Math.Max(1, name.Length / 3);
        string[] near =
        [
            .. known
                .Select(candidate => (Name: candidate, Edits: Distance(name, candidate)))
                .Where(candidate => candidate.Edits <= limit)
                .OrderBy(candidate => candidate.Edits)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(3)
                .Select(candidate => candidate.Name),
        ];
        return near.Length == 0 ? string.Empty : $" Did you mean {string.Join(", ", near)}?";
    }

    /// <summary>
    /// The edits between two names (Levenshtein distance), in two rows of memory.
    /// </summary>
    private static int Distance(string left, string right)
    {
        var above = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (int j = 0; j < above.Length; j++)
        {
            above[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(
                    Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + change);
            }

            (above, row) = (row, above);
        }

        return above[right.Length];
    }
}
