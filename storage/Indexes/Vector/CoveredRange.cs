namespace NeuroDb.Storage;

/// <summary>A range of rows that a search goes through.</summary>
/// <param name="Range">The range.</param>
/// <param name="FirstId">What is added to an ordinal to get the id of a row.</param>
/// <param name="Filter">Which rows count; null for all.</param>
/// <param name="Dial">How far to go.</param>
internal readonly record struct CoveredRange(
    IndexedRange Range, long FirstId, CandidateFilter? Filter, VectorDial Dial)
{
    // A guess: what is left out of lists is known only when they are searched.
    private const int ListedShare = 16;

    /// <summary>About how many codes are scanned.</summary>
    public long CodesExpected => float.IsPositiveInfinity(Dial.Reach) || Range.Part.ListCount == 1
        ? Range.Part.RowCount
        : Range.Part.RowCount / ListedShare;

    /// <summary>Searches the range, or of a fork its share.</summary>
    /// <param name="search">The search.</param>
    /// <param name="place">The place of the range: lists of one number take turns.</param>
    public void Run(VectorSearch search, int place)
    {
        search.Place = place;
        search.Run(Range.Part, Range.Rows, FirstId, Filter, Dial);
    }
}
