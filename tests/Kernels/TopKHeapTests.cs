using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The heap against sorting everything.</summary>
public sealed class TopKHeapTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    [InlineData(10, 0)]
    [InlineData(10, 9)]
    [InlineData(10, 10)]
    [InlineData(10, 1000)]
    [InlineData(200, 1000)]
    [InlineData(5000, 1000)]
    public void It_keeps_what_sorting_would_keep_whatever_the_order(int k, int count)
    {
        float[] distances = VectorData.WholeFloats(count, 1, 20);
        Candidate[] all = [.. distances.Select((distance, id) => new Candidate(distance, id))];
        Candidate[] expected = [.. all.Order().Take(k)];
        foreach (Candidate[] order in (Candidate[][])[all, [.. all.Reverse()], [.. all.Order()]])
        {
            var heap = new TopKHeap(k);
            foreach (Candidate candidate in order)
            {
                heap.TryAdd((float)candidate.Distance, candidate.Id);
            }

            Assert.Equal(expected, heap.ToSortedArray());
        }
    }

    [Fact]
    public void Merged_parts_give_the_same_as_one_heap()
    {
        float[] distances = VectorData.WholeFloats(999, 2, 30);
        var whole = new TopKHeap(37);
        TopKHeap[] parts = [new(37), new(37), new(37)];
        for (int i = 0; i < distances.Length; i++)
        {
            whole.TryAdd(distances[i], i);
            parts[i * 7 % 3].TryAdd(distances[i], i);
        }

        parts[2].MergeFrom(parts[0]);
        parts[2].MergeFrom(parts[1]);
        Assert.Equal(whole.ToSortedArray(), parts[2].ToSortedArray());
    }

    [Fact]
    public void NaN_never_enters()
    {
        var heap = new TopKHeap(3);
        Assert.False(heap.TryAdd(float.NaN, 1));
        Assert.True(heap.TryAdd(float.PositiveInfinity, 2));
        Assert.False(heap.TryAdd(float.NaN, 3));
        Assert.Equal([new Candidate(float.PositiveInfinity, 2)], heap.ToSortedArray());
    }

    [Fact]
    public void The_threshold_is_the_worst_kept_distance_of_a_full_heap()
    {
        var heap = new TopKHeap(2);
        heap.TryAdd(5, 1);
        Assert.Equal(float.PositiveInfinity, heap.Threshold);
        heap.TryAdd(3, 2);
        Assert.Equal(5, heap.Threshold);
        heap.TryAdd(4, 3);
        Assert.Equal(4, heap.Threshold);
        heap.Clear();
        Assert.Equal(float.PositiveInfinity, heap.Threshold);
        Assert.Equal(0, heap.Count);
    }

    [Fact]
    public void Equal_distances_go_to_the_lower_id()
    {
        var heap = new TopKHeap(2);
        heap.TryAdd(1, 9);
        heap.TryAdd(1, 8);
        Assert.True(heap.TryAdd(1, 3));
        Assert.False(heap.TryAdd(1, 10));
        Assert.Equal([new Candidate(1, 3), new Candidate(1, 8)], heap.ToSortedArray());
    }

    [Fact]
    public void A_capacity_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKHeap(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKHeap(TopKHeap.CapacityMax + 1));
        Assert.Equal(TopKHeap.CapacityMax, new TopKHeap(TopKHeap.CapacityMax).Capacity);
    }
}
