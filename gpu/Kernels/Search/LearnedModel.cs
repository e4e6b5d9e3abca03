namespace NeuroDb.Gpu;

/// <summary>
/// Where a key lies in a sorted array, learned: lines from key to place with a verified error,
/// found by lines over their first keys, up to a root that a few registers hold (Ferragina and
/// Vinciguerra, The PGM-index, VLDB 2020). Flat arrays, never changed after they are made, so that
/// a processor and a device search them alike. Lines lead to the first of equal keys.
/// </summary>
/// <remarks>
/// Level 0 has the lines over the keys; the arrays hold all levels one behind the other, each with
/// <see cref="PaddingCount"/> greatest keys behind it. A place is clamped to where the next line
/// begins, so that a key in the gap between two lines is not led astray: no line ends further than
/// its error from there.
/// </remarks>
internal sealed class LearnedModel
{
    /// <summary>Lines of the highest level.</summary>
    public const int RootCountMax = 64;

    /// <summary>The error bound between two levels.</summary>
    public const int UpperErrorBound = 8;

    /// <summary>Entries of a level that are looked at.</summary>
    public const int UpperWindow = 24;

    /// <summary>Greatest keys behind each level, so that a window never leaves the array.</summary>
    public const int PaddingCount = RootCountMax;

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
    /// the caches near the processor hold too few. Half of it for the smallest bound, which gains
    /// least.
    /// </summary>
    public const double SizeBytesPerKeyWanted = 0.2;

    /// <summary>The most bytes of lines per key; more are not worth their memory.</summary>
    public const double SizeBytesPerKeyMax = 0.35;

    /// <summary>The first keys of the lines of all levels.</summary>
    public required ulong[] Keys { get; init; }

    /// <summary>The lines of all levels.</summary>
    public required LinePiece[] Lines { get; init; }

    /// <summary>Where each level begins.</summary>
    public required int[] LevelStarts { get; init; }

    /// <summary>The keys of the array.</summary>
    public required int KeyCount { get; init; }

    /// <summary>The distinct keys of the array.</summary>
    public required int DistinctCount { get; init; }

    /// <summary>The lines of level 0.</summary>
    public required int LineCount { get; init; }

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
    public long SizeBytes => IsLearned
        ? ((long)Keys.Length * (sizeof(ulong) + sizeof(float) + sizeof(int)))
            + ((long)LevelStarts.Length * sizeof(int))
        : (long)Keys.Length * sizeof(ulong);
}
