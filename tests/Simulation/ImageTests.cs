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
            GoesOn = () => counters.ImageCount < 300,
        };
        run.Run();
        Assert.Empty(run.Faults);
        Assert.True(counters.ImageCount > 100);
    }

    [Theory]
    [InlineData("Flush")]
    [InlineData("FlushDirectory")]
    [InlineData("WriteThrough")]
    public void A_disk_that_only_pretends_to_flush_is_noticed(string kind)
    {
        var counters = new RunCounters();
        int found = 0;
        for (ulong seed = 301; seed < 306 && found == 0; seed++)
        {
            ImageRun? run = null;
            run = new ImageRun(seed, $"/pretended{kind}", counters)
            {
                Stride = 3,
                GoesOn = () => run!.Faults.Count == 0,
                Pretended = Enum.Parse<DiskOperationKind>(kind),
            };
            run.Run();
            found += run.Faults.Count;
        }

        Assert.True(found > 0);
    }
}
