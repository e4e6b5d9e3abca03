using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Measures of rankings, by hand.</summary>
public sealed class SearchMetricsTests
{
    private static readonly Dictionary<string, double> Gains =
        new() { ["b"] = 3, ["d"] = 1, ["e"] = 2, ["x"] = 0 };

    // DCG: b at place 2, 3 / log2 3 = 1.892789. Best: 3 + 2 / log2 3 + 1 / log2 4 = 4.761860.
    [Fact]
    public void Gains_are_discounted_by_their_places()
    {
        SearchMetrics found = SearchMetrics.Of(["a", "b", "c", "d"], Gains, 3);

        Assert.Equal(1.892789 / 4.761860, found.Gain, 1e-6);
        Assert.Equal(1 / 3.0, found.Recall, 1e-12);
        Assert.Equal(1 / 3.0, found.Precision, 1e-12);
        Assert.Equal(0.5, found.ReciprocalRank, 1e-12);
    }

    [Fact]
    public void The_best_order_is_worth_one_and_none_nothing()
    {
        Assert.Equal(new SearchMetrics(1, 1, 0.75, 1), SearchMetrics.Of(["b", "e", "d"], Gains, 4));
        Assert.Equal(new SearchMetrics(0, 0, 0, 0), SearchMetrics.Of(["x", "y"], Gains, 10));
        Assert.Equal(new SearchMetrics(0, 0, 0, 0), SearchMetrics.Of([], Gains, 1));
    }

    [Fact]
    public void An_item_counts_once_and_takes_no_second_place()
    {
        SearchMetrics twice = SearchMetrics.Of(["b", "b", "b", "e"], Gains, 2);

        Assert.Equal(1, twice.Gain, 1e-12);
        Assert.Equal(2 / 3.0, twice.Recall, 1e-12);
    }
}
