namespace NeuroDb.Tests.Crash;

/// <summary>The short form of the hostile files; the long one is a command in README.</summary>
[Collection(nameof(AloneCollection))]
public sealed class FuzzTests
{
    [Fact]
    public void A_mutated_file_is_read_or_refused_within_its_limits()
    {
        using var targets = new FuzzTargets();
        int refused = 0;
        foreach (FuzzTarget target in targets.All)
        {
            var run = new FuzzRun(target, seed: 7);
            run.Run(300);
            Assert.Empty(run.Faults);
            refused += run.RefusedCount;
        }

        Assert.InRange(refused, targets.All.Count * 100, int.MaxValue);
    }
}
