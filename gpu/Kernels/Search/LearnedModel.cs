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
    public static ReadOnlySpan<int> ErrorBounds => [10, 14, 18, 22, 30, 46, 62];

    /// <summary>
    /// Keys that one line may stand for, so that a slope of single precision is exact enough.
    /// </summary>
    public const int LineKeyCountMax = 1 << 22;

    /// <summary>
    /// The most bytes of lines per key for which a smaller error bound is taken: of more lines
    /// the caches near the processor hold too few.
    /// </summary>
    public const double SizeBytesPerKeyWanted = 0.27;

    /// <summary>The same for the smallest bound, which gains least.</summary>
    public const double SizeBytesPerKeyLeast = 0.1;

    /// <summary>The most bytes of lines per key; more are not worth their memory.</summary>
    public const double SizeBytesPerKeyMax = 0.35;

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
