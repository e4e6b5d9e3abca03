namespace NeuroDb.Tests.Simulation;

/// <summary>
/// The short form of what losses of power leave of indexes over keys that are chosen to hurt them;
/// the long one is a command in README.
/// </summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Indexes_answer_as_their_rows_do_also_after_a_loss_of_power(ulong seed)
    {
        var counters = new RunCounters();
        var run = new ImageRun(seed, $"/keys{seed}", counters, ImageSubject.Keys)
        {
            Stride = 60,
            GoesOn = () => counters.ImageCount < 25,
        };
        run.Run();
        Assert.Empty(run.Faults);
        Assert.True(counters.ImageCount > 5);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Indexes_over_many_rows_answer_as_these_do(ulong seed)
    {
        var disk = new SimulatedDisk();
        var random = new SeededRandomSource(seed);
        using var workload = new KeyWorkload(
            disk, MachineShape.Of($"/many{seed}", seed), random, new KeyHistory())
        {
            LoadCount = Limits.ChunkRowCount + 100,
        };
        workload.Open();
        workload.Run(25);
        workload.End(isKilled: false);
    }
}
