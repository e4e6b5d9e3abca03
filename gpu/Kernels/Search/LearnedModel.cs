namespace NeuroDb.Gpu;

/// <summary>
/// Where a key lies in a sorted array, learned: lines from key to place with a verified error, as
/// few as there can be (Ferragina and Vinciguerra, The PGM-index, VLDB 2020), found through a
/// directory of their first keys. Flat arrays, never changed after they are made, so that a
/// processor and a device search them alike. Lines lead to the first of equal keys.
/// </summary>
/// <remarks>
/// A place is clamped to where the next line begins, so that a key in the gap between two lines is
/// not led astray: no line ends further than its error from there. Behind the last line stands one
/// that says where the array ends.
/// </remarks>
internal sealed class LearnedModel
{
    /// <summary>
    /// Error bounds that are tried, the least first: each is the greatest one of its window.
    /// </summary>
    public static ReadOnlySpan<int> ErrorBounds => [10, 14, 18, 22];

    /// <summary>
    /// Keys that one line may stand for, so that a slope of single precision is exact enough.
    /// </summary>
    public const int LineKeyCountMax = 1 << 22;

    /// <summary>
    /// The most bytes of lines per key: as many as a tree over every
    /// <see cref="LearnedModelBuilder.PlainStride"/>th key takes, which is as fast as larger ones.
    /// </summary>
    public const double SizeBytesPerKeyMax = 0.27;

    /// <summary>The same for the smallest bound, which gains least.</summary>
    public const double SizeBytesPerKeyLeast = 0.1;

    /// <summary>
    /// The most keys, as a share of all, whose place may lie outside of what a batch looks at
    /// first: of more the second look makes lookups slower than those of a tree. (20 to 27 %: lines
    /// take 0.83 to 0.87 of the tree's time; 38 and 42 %: 1.10 and 1.17.)
    /// </summary>
    public const double ShareOutsideMax = 1.0 / 3;

    /// <summary>
    /// Finds the line of a key by the first keys of the lines; of an array without lines, finds
    /// every <see cref="LearnedModelBuilder.PlainStride"/>th key.
    /// </summary>
    public required LineDirectory Directory { get; init; }

    /// <summary>The lines, and one behind them; none for an array without lines.</summary>
    public required LinePiece[] Lines { get; init; }

    /// <summary>The keys of the array.</summary>
    public required int KeyCount { get; init; }

    /// <summary>The distinct keys of the array.</summary>
    public required int DistinctCount { get; init; }

    /// <summary>How many lines there are.</summary>
    public int LineCount => Math.Max(0, Lines.Length - 1);

    /// <summary>The greatest distance between a place and what its line says; verified.</summary>
    public required int ErrorBound { get; init; }

    /// <summary>
    /// Entries of the array that are looked at, a multiple of eight; 0 if the array is searched
    /// without lines, because they would be too many for it.
    /// </summary>
    public required int Window { get; init; }

    /// <summary>Whether lines find places.</summary>
    public bool IsLearned => Window > 0;

    /// <summary>The bytes of the lines.</summary>
    public long SizeBytes =>
        Directory.SizeBytes + ((long)Lines.Length * (sizeof(float) + sizeof(int)));
}
