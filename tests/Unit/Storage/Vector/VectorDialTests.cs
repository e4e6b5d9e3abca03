using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>How far a search goes for so many rows.</summary>
public sealed class VectorDialTests
{
    private static readonly VectorDial Dial = new(0.2f, 2.5f, 0.8f, 0.3f);

    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(10, 0.2)]
    [InlineData(100, 0.3)]
    [InlineData(1_000, 0.8)]
    public void The_reach_is_that_of_the_counts_it_was_found_for(int count, double reach) =>
        Assert.Equal(reach, Dial.ReachFor(count), 1e-6);

    [Fact]
    public void Between_these_counts_it_lies_between_their_reaches()
    {
        Assert.InRange(Dial.ReachFor(30), 0.2001, 0.2999);
        Assert.InRange(Dial.ReachFor(500), 0.3001, 0.7999);
        Assert.InRange(Dial.ReachFor(10_000), 0.8001, 10);
    }

    [Fact]
    public void It_is_never_below_the_reach_for_ten()
    {
        var dial = new VectorDial(0.4f, 2.5f, 0.3f, 0.2f);
        foreach (int count in (int[])[1, 5, 10, 70, 100, 600, 1_000, 9_000])
        {
            Assert.Equal(0.4, dial.ReachFor(count), 1e-6);
        }
    }

    [Fact]
    public void A_reach_without_end_stays_so()
    {
        var dial = new VectorDial(float.PositiveInfinity, 4);
        Assert.Equal(float.PositiveInfinity, dial.ReachFor(1));
        Assert.Equal(float.PositiveInfinity, dial.Times(1.4f).ReachFor(5_000));
        Assert.Equal(0.28, Dial.Times(1.4f).ReachFor(10), 1e-6);
    }

    [Fact]
    public void Rows_that_are_picked_out_are_wanted_with_more_confidence()
    {
        Assert.Equal(2.5f, Dial.ConfidenceFor(1));
        Assert.Equal(3, Dial.ConfidenceFor(0.1));
    }
}
