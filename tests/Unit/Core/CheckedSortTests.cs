namespace NeuroDb.Tests.Unit;

/// <summary>A sort that can be stopped does little between two looks, and sorts.</summary>
public sealed class CheckedSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4_097)]
    [InlineData(100_000)]
    public void Rows_are_sorted_and_equal_ones_keep_their_order(int count)
    {
        var random = new Random(count);
        int[] keys = [.. Enumerable.Range(0, count).Select(_ => random.Next(50))];
        int[] rows = [.. Enumerable.Range(0, count)];
        CheckedSort.Sort(rows, (left, right) => keys[left].CompareTo(keys[right]), () => { });
        Assert.Equal(Enumerable.Range(0, count).OrderBy(row => keys[row]), rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(int.MaxValue)]
    public void Between_two_looks_there_are_few_comparisons(int distinct)
    {
        const int Count = 300_000;
        var random = new Random(distinct);
        int[] keys = [.. Enumerable.Range(0, Count).Select(_ => random.Next(distinct))];
        int[] rows = [.. Enumerable.Range(0, Count)];
        int most = 0;
        int since = 0;
        CheckedSort.Sort(
            rows,
            (left, right) =>
            {
                most = Math.Max(most, ++since);
                return keys[left].CompareTo(keys[right]);
            },
            () => since = 0);
        Assert.InRange(most, 1, CheckedSort.ComparisonCountMax);
    }

    [Fact]
    public void A_sort_that_is_stopped_ends_at_the_next_look()
    {
        int[] rows = [.. Enumerable.Range(0, 100_000)];
        int looks = 0;
        Assert.Throws<OperationCanceledException>(() => CheckedSort.Sort(
            rows,
            static (left, right) => right.CompareTo(left),
            () =>
            {
                if (++looks == 3)
                {
                    throw new OperationCanceledException();
                }
            }));
        Assert.Equal(3, looks);
    }
}
