namespace NeuroDb.Tests.Simulation;

/// <summary>The short form of the images; the long one is a command in README.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    [InlineData(104)]
    [InlineData(105)]
    [InlineData(106)]
    [InlineData(107)]
    [InlineData(108)]
    public void Every_loss_of_power_leaves_a_whole_number_of_commits(ulong seed)
    {
        var counters = new RunCounters();
        var run = new ImageRun(seed, $"/images{seed}", counters)
        {
            Stride = 5,
            GoesOn = () => counters.ImageCount < 1_000,
        };
        run.Run();
        Assert.Empty(run.Faults);
        Assert.True(counters.ImageCount > 100);
    }
}
