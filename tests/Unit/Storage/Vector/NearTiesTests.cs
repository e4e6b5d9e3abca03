using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Rows that single precision hardly tells from the last one wanted.</summary>
public sealed class NearTiesTests
{
    [Fact]
    public void The_nearest_row_stays_wherever_it_lies_beside_many_that_tie_for_the_last_place()
    {
        const float Tied = 0.8639156f;
        const int StepsMax = 120;
        float nearest = Tied;
        var query = new VectorQuery();
        query.Set(Metric.InnerProduct, [1]);
        var ties = new NearTies();
        var heap = new TopKHeap(2);
        for (int step = 1; step <= StepsMax; step++)
        {
            nearest = MathF.BitIncrement(nearest);
            var rows = new ArrayVectorRows(new[] { Tied, Tied, Tied, nearest }, 1, 1);
            heap.Clear();
            ties.Clear();
            ties.SetTerms(Tied);
            ties.Begin(rows, 0);
            for (int row = 0; row < rows.Count; row++)
            {
                float rank = rows.Rank(row, query);
                ties.Add(rank, row, heap.Threshold);
                heap.TryAdd(rank, row);
            }

            ties.Settle(heap, query);
            Assert.Equal([3L, 0L], heap.ToSortedArray().Select(static found => found.Id));
        }
    }
}
