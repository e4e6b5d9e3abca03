using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>
/// The bins of columns that were joined before; they live as long as the counts they come from.
/// </summary>
internal static class KeyBinsCache
{
    private static readonly ConditionalWeakTable<
        KeyCounts, List<(KeyCounts[] Columns, KeyBins Bins)>> Known = [];

    /// <summary>The bins of some different columns, in any order.</summary>
    public static KeyBins Of(KeyCounts[] columns)
    {
        List<(KeyCounts[] Columns, KeyBins Bins)> known = Known.GetOrCreateValue(columns[0]);
        lock (known)
        {
            foreach ((KeyCounts[] others, KeyBins bins) in known)
            {
                if (others.AsSpan().SequenceEqual(columns))
                {
                    return bins;
                }
            }

            var made = new KeyBins(columns);
            known.Add((columns, made));
            return made;
        }
    }
}
