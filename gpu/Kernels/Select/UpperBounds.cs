using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>Upper bounds of ranks, 2 estimate - lower, offered to a heap of the lowest.</summary>
/// <remarks>
/// An empty heap of up to 16 takes most of the first rows and drops them again. It is spared that
/// by a ceiling found in one pass: of 16 interleaved groups each minimum is that of another row, so
/// the k-th lowest minimum is not below the k-th lowest of all, and what lies above it would be
/// dropped in the end. The heap ends the same.
/// </remarks>
internal static class UpperBounds
{
    private const int GroupCount = 16;

    /// <summary>Offers the bounds of some rows.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="estimates">The estimates of the rows.</param>
    /// <param name="lowers">Their lower bounds, as many.</param>
    /// <param name="id">What all of these rows are known by in the heap.</param>
    public static void Offer(
        TopKHeap heap, ReadOnlySpan<float> estimates, ReadOnlySpan<float> lowers, long id)
    {
        Invariant.Check(lowers.Length == estimates.Length);
        bool isFound = heap.Count == 0 && heap.Capacity is > 0 and <= GroupCount
            && lowers.Length >= 2 * GroupCount;
        float ceiling = isFound ? CeilingOf(estimates, lowers, heap.Capacity) : heap.Threshold;
        int next = 0;
        for (; next <= lowers.Length - GroupCount; next += GroupCount)
        {
            Vector512<float> estimate = Vector512.Create(estimates[next..]);
            Vector512<float> upper = estimate + estimate - Vector512.Create(lowers[next..]);
            ulong kept = Vector512.LessThanOrEqual(upper, Vector512.Create(ceiling))
                .ExtractMostSignificantBits();
            for (; kept != 0; kept &= kept - 1)
            {
                heap.TryAdd(upper[BitOperations.TrailingZeroCount(kept)], id);
            }
        }

        for (; next < lowers.Length; next++)
        {
            float upper = estimates[next] + estimates[next] - lowers[next];
            if (upper <= ceiling)
            {
                heap.TryAdd(upper, id);
            }
        }
    }

    /// <summary>Lowers bounds by what the term of their list may be above the truth.</summary>
    public static void Subtract(float slack, Span<float> lowers)
    {
        Vector512<float> all = Vector512.Create(slack);
        int next = 0;
        for (; next <= lowers.Length - GroupCount; next += GroupCount)
        {
            (Vector512.Create<float>(lowers[next..]) - all).CopyTo(lowers[next..]);
        }

        for (; next < lowers.Length; next++)
        {
            lowers[next] -= slack;
        }
    }

    // A NaN makes the ceiling lower at most: then the heap is not full, and leaves nothing out.
    private static float CeilingOf(
        ReadOnlySpan<float> estimates, ReadOnlySpan<float> lowers, int k)
    {
        ReadOnlySpan<Vector512<float>> middle =
            MemoryMarshal.Cast<float, Vector512<float>>(estimates);
        ReadOnlySpan<Vector512<float>> below =
            MemoryMarshal.Cast<float, Vector512<float>>(lowers);
        Vector512<float> least = Vector512.Create(float.PositiveInfinity);
        for (int i = 0; i < middle.Length; i++)
        {
            least = Vector512.Min(least, middle[i] + middle[i] - below[i]);
        }

        Span<float> minima = stackalloc float[GroupCount];
        least.CopyTo(minima);
        minima.Sort();
        return minima[k - 1];
    }
}
