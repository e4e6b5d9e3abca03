using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Makes the <see cref="LearnedModel"/> of a sorted array: takes the least error bound whose lines
/// are small enough, then verifies every key by the arithmetic of the search. An array whose lines
/// would be larger than a tree over every 32nd key, or too often wrong by more than the search
/// looks at first, is searched by that tree.
/// </summary>
internal static class LearnedModelBuilder
{
    // Shorter arrays are searched whole.
    private const int KeyCountMin = 256;

    /// <summary>The keys that one entry of the tree of an array without lines stands for.</summary>
    public const int PlainStride = 32;

    // What a directory takes at least counts little beyond this.
    private const int SizeBytesFree = 4096;

    /// <summary>Makes a model.</summary>
    /// <param name="keys">The array, ascending; it may have equal keys.</param>
    /// <param name="errorBound">The error bound, or 0 to choose it.</param>
    public static LearnedModel Build(ReadOnlySpan<ulong> keys, int errorBound = 0)
    {
        if (keys.Length < KeyCountMin)
        {
            return Plain(keys);
        }

        if (errorBound > 0)
        {
            return TryBuild(
                keys, errorBound, LearnedModel.SizeBytesPerKeyMax, keys.Length) ?? Plain(keys);
        }

        foreach (int bound in LearnedModel.ErrorBounds)
        {
            double bytesMax = bound == LearnedModel.ErrorBounds[0]
                ? LearnedModel.SizeBytesPerKeyLeast
                : LearnedModel.SizeBytesPerKeyMax;
            if (TryBuild(keys, bound, bytesMax, LearnedModel.ShareOutsideMax) is { } model)
            {
                return model;
            }
        }

        return Plain(keys);
    }

    /// <summary>
    /// A model without lines, for arrays that do not live long enough to be learned; its directory
    /// is released with them.
    /// </summary>
    public static LearnedModel BuildPlain(ReadOnlySpan<ulong> keys) =>
        Plain(keys, isReleased: true);

    private static LearnedModel Plain(ReadOnlySpan<ulong> keys, bool isReleased = false)
    {
        int distinct = keys.IsEmpty ? 0 : 1;
        for (int i = 1; i < keys.Length; i++)
        {
            Invariant.Check(keys[i] >= keys[i - 1]);
            distinct += keys[i] != keys[i - 1] ? 1 : 0;
        }

        return new LearnedModel
        {
            Directory = new LineDirectory(keys, PlainStride, isReleased),
            Lines = [],
            KeyCount = keys.Length,
            DistinctCount = distinct,
            ErrorBound = 0,
            Window = 0,
        };
    }

    private static LearnedModel? TryBuild(
        ReadOnlySpan<ulong> keys, int errorBound, double bytesPerKeyMax, double shareOutsideMax)
    {
        long sizeMax = SizeBytesFree + (long)(keys.Length * bytesPerKeyMax);
        int lineMax = (int)(sizeMax / (sizeof(ulong) + sizeof(float) + sizeof(int)));
        var firstKeys = new List<ulong>();
        var lines = new List<LinePiece>();
        if (!Fit(keys, errorBound, lineMax, firstKeys, lines, out int distinct))
        {
            return null;
        }

        lines.Add(new LinePiece(0, keys.Length));
        var directory = new LineDirectory(CollectionsMarshal.AsSpan(firstKeys));
        LearnedModel model = Make(
            directory, [.. lines], keys.Length, distinct, 0, CacheLines.KeyCount);
        if (model.SizeBytes > sizeMax)
        {
            return null;
        }

        (int error, int outside) = Verify(model, keys);
        int window = ((2 * error) + 9 + 7) & ~7;
        return window > keys.Length || error > 2 * errorBound
            || outside - 1 > shareOutsideMax * distinct
            ? null
            : Make(directory, model.Lines, keys.Length, distinct, error, window);
    }

    private static LearnedModel Make(
        LineDirectory directory, LinePiece[] lines, int keys, int distinct, int error, int window)
        => new()
        {
            Directory = directory,
            Lines = lines,
            KeyCount = keys,
            DistinctCount = distinct,
            ErrorBound = error,
            Window = window,
        };

    private static bool Fit(
        ReadOnlySpan<ulong> keys,
        int errorBound,
        int lineMax,
        List<ulong> firstKeys,
        List<LinePiece> lines,
        out int distinct)
    {
        var fitter = new LineFitter(errorBound);
        distinct = 0;
        int first = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            Invariant.Check(i == 0 || keys[i] >= keys[i - 1]);
            if (i > 0 && keys[i] == keys[i - 1])
            {
                continue;
            }

            distinct++;
            if (i - first >= LearnedModel.LineKeyCountMax || !fitter.TryAdd(keys[i], i))
            {
                End(fitter, keys[first], firstKeys, lines);
                if (lines.Count > lineMax)
                {
                    return false;
                }

                first = i;
                bool isFirst = fitter.TryAdd(keys[i], i);
                Invariant.Check(isFirst);
            }
        }

        End(fitter, keys[first], firstKeys, lines);
        return true;
    }

    private static void End(
        LineFitter fitter, ulong key, List<ulong> firstKeys, List<LinePiece> lines)
    {
        fitter.Take(out double slope, out double atFirst);
        firstKeys.Add(key);
        lines.Add(new LinePiece((float)slope, (int)Math.Round(atFirst + 0.5)));
    }

    // The greatest error, and how many keys are not where a search looks first; the first of all
    // never is, as no key is below it.
    private static (int Error, int Outside) Verify(LearnedModel model, ReadOnlySpan<ulong> keys)
    {
        ReadOnlySpan<ulong> firstKeys = model.Directory.Keys;
        int error = 0;
        int outside = 0;
        int line = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1])
            {
                continue;
            }

            while (line + 1 < firstKeys.Length
                && firstKeys[line + 1] < LineDirectory.BoundOf(keys[i]))
            {
                line++;
            }

            int said = LearnedSearch.PlaceOf(model, line, keys[i]);
            error = Math.Max(error, Math.Abs(said - i));
            outside += LearnedSearch.IsInMiddle(said, i) ? 0 : 1;
            if (line + 1 < firstKeys.Length && i + 1 < keys.Length
                && keys[i + 1] == firstKeys[line + 1])
            {
                said = LearnedSearch.PlaceOf(model, line, keys[i + 1] - 1);
                error = Math.Max(error, Math.Abs(said - i - 1));
            }
        }

        return (error, outside);
    }
}
