using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// place(k) = the count of keys below k in a sorted array, through its <see cref="LearnedModel"/>:
/// the directory gives a line, the line a window of keys, in which the keys below k are counted.
/// One key, or many at once whose misses of the cache overlap.
/// </summary>
/// <remarks>
/// Shapes: keys (n), queries (m), places (m). An empty array has the place 0. The result is right
/// for any keys, also where the window does not hold the place (a key that is absent beside a long
/// run of equal ones): then the search goes on from the end of the window.
/// </remarks>
internal static class LearnedSearch
{
    /// <summary>Queries whose misses overlap.</summary>
    public const int GroupCount = 128;

    // Most places lie among so many keys in the middle of a window; whole lines of the cache.
    private const int MiddleCount = 24;

    /// <summary>The reference: a binary search without a model.</summary>
    public static int LowerBoundScalar(ReadOnlySpan<ulong> keys, ulong key)
    {
        int low = 0;
        int high = keys.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The count of keys below one.</summary>
    public static int LowerBound(LearnedModel model, ReadOnlySpan<ulong> keys, ulong key)
    {
        Debug.Assert(keys.Length == model.KeyCount);
        ref ulong first = ref MemoryMarshal.GetReference(keys);
        return model.IsLearned
            ? Finish(model, ref first, StartOf(model, PlaceOf(model, LineOf(model, key), key)), key)
            : PlainLowerBound(model, ref first, PlainStartOf(model, key), key);
    }

    /// <summary>
    /// The count of keys below one; asks for what lies beside that place before it is known, so
    /// that the miss of the keys and that of what goes with them overlap.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="beside">As many entries as there are keys, of which one is read next.</param>
    /// <param name="key">The key.</param>
    /// <remarks>
    /// Compiled by itself: inlined into a caller's loop by its profile, one get takes so many
    /// instructions that the misses of the next one no longer overlap with its own.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int LowerBound<T>(
        LearnedModel model, ReadOnlySpan<ulong> keys, ReadOnlySpan<T> beside, ulong key)
        where T : unmanaged
    {
        Debug.Assert(keys.Length == model.KeyCount && beside.Length == keys.Length);
        ref ulong first = ref MemoryMarshal.GetReference(keys);
        if (!model.IsLearned)
        {
            int start = PlainStartOf(model, key);
            ref T other = ref Unsafe.Add(ref MemoryMarshal.GetReference(beside), start);
            CacheLines.Prefetch(ref Unsafe.Add(ref other, LearnedModelBuilder.PlainStride / 4));
            CacheLines.Prefetch(
                ref Unsafe.Add(ref other, LearnedModelBuilder.PlainStride * 3 / 4));
            return PlainLowerBound(model, ref first, start, key);
        }

        int place = PlaceOf(model, LineOf(model, key), key);
        ref T next = ref Unsafe.Add(ref MemoryMarshal.GetReference(beside), place);
        CacheLines.Prefetch(ref Unsafe.Subtract(ref next, CacheLines.KeyCount / 2));
        CacheLines.Prefetch(ref Unsafe.Add(ref next, CacheLines.KeyCount / 2));
        return Finish(model, ref first, StartOf(model, place), key);
    }

    /// <summary>The count of keys below each of many.</summary>
    public static void LowerBounds(
        LearnedModel model,
        ReadOnlySpan<ulong> keys,
        ReadOnlySpan<ulong> queries,
        Span<int> places)
    {
        Invariant.Check(keys.Length == model.KeyCount && places.Length >= queries.Length);
        ref ulong first = ref MemoryMarshal.GetReference(keys);
        while (!queries.IsEmpty)
        {
            int count = Math.Min(queries.Length, GroupCount);
            if (model.IsLearned)
            {
                Group(model, ref first, queries[..count], places[..count]);
            }
            else
            {
                PlainGroup(model, ref first, queries[..count], places[..count]);
            }

            queries = queries[count..];
            places = places[count..];
        }
    }

    /// <summary>The line whose keys a key lies among.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int LineOf(LearnedModel model, ulong key)
    {
        ulong bound = LineDirectory.BoundOf(key);
        int node = model.Directory.NodeOf(bound);

        // The lines of the node come while its keys are compared.
        ref LinePiece lines = ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(model.Lines), node);
        CacheLines.Prefetch(ref lines);
        CacheLines.Prefetch(ref Unsafe.Add(ref lines, CacheLines.KeyCount));
        return model.Directory.LastBelow(node, bound);
    }

    /// <summary>What a line says about a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int PlaceOf(LearnedModel model, int line, ulong key) => PlaceAt(
        ref MemoryMarshal.GetReference(model.Directory.Keys),
        ref MemoryMarshal.GetArrayDataReference(model.Lines),
        line,
        key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlaceAt(ref ulong keys, ref LinePiece lines, int at, ulong key)
    {
        ref LinePiece line = ref Unsafe.Add(ref lines, at);
        ulong first = Unsafe.Add(ref keys, at);

        // Only a key before all others is below the first one of its line; whether it is that one
        // no branch may depend on, as that is foreseen badly.
        double distance = Math.Max(key, keys) - first;

        // A double that is too large for an int is clamped while it is a double.
        return double.ConvertToIntegerNative<int>(double.MinNative(
            line.Place + (distance * line.Slope), Unsafe.Add(ref line, 1).Place));
    }

    /// <summary>Whether a batch finds a place at its first look.</summary>
    internal static bool IsInMiddle(int said, int place) =>
        (uint)(place - 1 - MiddleStartOf(said)) < MiddleCount - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MiddleStartOf(int place) => Math.Max(place - CacheLines.KeyCount, 0) & ~7;

    // A window begins at a multiple of eight, so that an aligned array is loaded by whole lines.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int StartOf(LearnedModel model, int place) =>
        Math.Min(
            Math.Max(place - model.ErrorBound - 1, 0) & ~7,
            model.KeyCount - model.Window);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish(LearnedModel model, ref ulong keys, int start, ulong key)
    {
        int window = model.Window;
        int place = start + SortedCount.Below(ref Unsafe.Add(ref keys, start), window, key);
        bool isInside = (place > start || start == 0)
            && (place < start + window || start + window == model.KeyCount);
        return isInside ? place : Gallop(model, ref keys, place, key);
    }

    // Only beside long runs of equal keys: the place lies before or behind the window.
    private static int Gallop(LearnedModel model, ref ulong keys, int place, ulong key)
    {
        int low = place;
        int high = place;
        int step = 1;
        while (low > 0 && Unsafe.Add(ref keys, low - 1) >= key)
        {
            high = low - 1;
            low = Math.Max(0, low - step);
            step *= 2;
        }

        step = 1;
        while (high < model.KeyCount && Unsafe.Add(ref keys, high) < key)
        {
            low = high + 1;
            high = Math.Min(model.KeyCount, high + step);
            step *= 2;
        }

        return low + LowerBoundScalar(
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref keys, low), high - low), key);
    }

    // The block of keys in which a place lies, or at whose end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlainStartOf(LearnedModel model, ulong key) =>
        model.Directory.LastBelow(key) * LearnedModelBuilder.PlainStride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlainLowerBound(LearnedModel model, ref ulong keys, int start, ulong key)
    {
        const int Stride = LearnedModelBuilder.PlainStride;
        int from = Math.Min(start, model.KeyCount - Stride);
        if (from < 0)
        {
            return LowerBoundScalar(
                MemoryMarshal.CreateReadOnlySpan(ref keys, model.KeyCount), key);
        }

        return from + SortedCount.Below(ref Unsafe.Add(ref keys, from), Stride, key);
    }

    private static void PlainGroup(
        LearnedModel model, ref ulong keys, ReadOnlySpan<ulong> queries, Span<int> places)
    {
        const int Stride = LearnedModelBuilder.PlainStride;
        model.Directory.LastBelow(queries, places);
        for (int i = 0; i < places.Length; i++)
        {
            ref ulong block = ref Unsafe.Add(ref keys, places[i] *= Stride);
            for (int line = 0; line < Stride; line += CacheLines.KeyCount)
            {
                CacheLines.Prefetch(ref Unsafe.Add(ref block, line));
            }
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i] = PlainLowerBound(model, ref keys, places[i], queries[i]);
        }
    }

    [SkipLocalsInit]
    private static void Group(
        LearnedModel model, ref ulong keys, ReadOnlySpan<ulong> queries, Span<int> places)
    {
        Span<int> starts = stackalloc int[GroupCount];
        Span<int> again = stackalloc int[GroupCount];
        model.Directory.LastNotAbove(queries, places, model.Lines);
        AskForMiddles(model, ref keys, queries, places, starts);
        int misses = CountInMiddles(ref keys, queries, places, again);
        int window = model.Window;
        foreach (int query in again[..misses])
        {
            ref ulong first = ref Unsafe.Add(ref keys, starts[query]);
            for (int line = 0; line < window; line += CacheLines.KeyCount)
            {
                CacheLines.Prefetch(ref Unsafe.Add(ref first, line));
            }
        }

        foreach (int query in again[..misses])
        {
            places[query] = Finish(model, ref keys, starts[query], queries[query]);
        }
    }

    // From the line of each query to where the middle and where all of its window begins.
    private static void AskForMiddles(
        LearnedModel model,
        ref ulong keys,
        ReadOnlySpan<ulong> queries,
        Span<int> places,
        Span<int> starts)
    {
        ref ulong firstKeys = ref MemoryMarshal.GetReference(model.Directory.Keys);
        ref LinePiece lines = ref MemoryMarshal.GetArrayDataReference(model.Lines);
        int startMax = model.KeyCount - MiddleCount;
        for (int i = 0; i < queries.Length; i++)
        {
            int place = PlaceAt(ref firstKeys, ref lines, places[i], queries[i]);
            starts[i] = StartOf(model, place);
            int start = Math.Min(MiddleStartOf(place), startMax);
            places[i] = start;
            ref ulong first = ref Unsafe.Add(ref keys, start);
            CacheLines.Prefetch(ref first);
            CacheLines.Prefetch(ref Unsafe.Add(ref first, CacheLines.KeyCount));
            CacheLines.Prefetch(ref Unsafe.Add(ref first, 2 * CacheLines.KeyCount));
        }
    }

    // No branch depends on a key: who has no key on both sides of it is only put down.
    private static int CountInMiddles(
        ref ulong keys, ReadOnlySpan<ulong> queries, Span<int> places, Span<int> again)
    {
        int misses = 0;
        for (int i = 0; i < queries.Length; i++)
        {
            int start = places[i];
            int below = SortedCount.Below(
                ref Unsafe.Add(ref keys, start), MiddleCount, queries[i]);
            again[misses] = i;
            misses += (uint)(below - 1) >= MiddleCount - 1 ? 1 : 0;
            places[i] = start + below;
        }

        return misses;
    }
}
