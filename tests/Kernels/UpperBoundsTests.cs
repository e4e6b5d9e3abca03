using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Upper bounds offered to heaps.</summary>
public sealed class UpperBoundsTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(31, 10)]
    [InlineData(40, 16)]
    [InlineData(300, 10)]
    [InlineData(300, 17)]
    [InlineData(1001, 1)]
    public void A_heap_ends_as_one_that_takes_every_row(int count, int k)
    {
        var expected = new TopKHeap(k);
        var actual = new TopKHeap(k);
        for (int pass = 0; pass < 2; pass++)
        {
            float[] estimates = VectorData.Floats(count, 1 + pass);
            float[] lowers = [.. estimates.Zip(
                VectorData.Floats(count, 3), static (estimate, gap) => estimate - Math.Abs(gap))];
            for (int i = 0; i < count; i++)
            {
                expected.TryAdd(estimates[i] + estimates[i] - lowers[i], pass);
            }

            UpperBounds.Offer(actual, estimates, lowers, pass);
            Assert.Equal(expected.ToSortedArray(), actual.ToSortedArray());
        }
    }

    [Fact]
    public void A_NaN_among_them_leaves_nothing_out_that_is_not_above_k_others()
    {
        float[] estimates = VectorData.Floats(64, 1);
        estimates.AsSpan(0, 9).Fill(float.NaN);
        var heap = new TopKHeap(10);
        UpperBounds.Offer(heap, estimates, estimates, 0);
        int below = estimates.Count(estimate => estimate < heap.Threshold);
        Assert.True(below >= 9 || float.IsPositiveInfinity(heap.Threshold));
    }
}
