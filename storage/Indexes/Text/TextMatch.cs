namespace NeuroDb.Storage;

/// <summary>A row that a text search found.</summary>
/// <param name="Score">How well it fits, above 0.</param>
/// <param name="Id">Where it is among the slices of the snapshot.</param>
internal readonly record struct TextMatch(double Score, long Id)
{
    /// <summary>Orders by ascending score; of equal ones the later row comes first.</summary>
    public static Comparer<TextMatch> WorstFirst { get; } = Comparer<TextMatch>.Create(
        static (x, y) => x.Score != y.Score
            ? x.Score.CompareTo(y.Score)
            : y.Id.CompareTo(x.Id));
}
