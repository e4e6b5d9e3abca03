namespace NeuroDb.Storage;

/// <summary>
/// What of an index is asked for: the entries whose first codes lie between two lists of codes,
/// both included, in the order of the lists. An empty list is no bound. Codes that are not exact
/// let in rows that do not belong: whoever asks looks at the values.
/// </summary>
/// <param name="Low">The lowest codes.</param>
/// <param name="High">The highest codes.</param>
internal readonly record struct IndexBounds(ulong[] Low, ulong[] High)
{
    /// <summary>All entries.</summary>
    public static IndexBounds All { get; } = new([], []);

    /// <summary>The entries of one key, or of the first columns of one.</summary>
    public static IndexBounds Of(ulong[] codes) => new(codes, codes);

    /// <summary>Whether an entry lies between them.</summary>
    public bool Contains(FlatArray<ulong>[] codes, int entry) =>
        Compare(codes, entry, Low) >= 0 && Compare(codes, entry, High) <= 0;

    private static int Compare(FlatArray<ulong>[] codes, int entry, ulong[] bound)
    {
        for (int i = 0; i < bound.Length; i++)
        {
            int compared = codes[i][entry].CompareTo(bound[i]);
            if (compared != 0)
            {
                return compared;
            }
        }

        return 0;
    }
}
