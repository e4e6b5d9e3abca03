namespace NeuroDb.Tests.Crash;

/// <summary>The short form of the damages; the long one is a command in README.</summary>
public sealed class RotTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_database_gives_equal_answers_or_is_refused(bool isKilled)
    {
        var run = new RotRun(isKilled ? SampleForm.Killed : SampleForm.Closed);
        run.FlipBits(step: 997);
        run.TryFaults(1_000, seed: 40);
        Assert.Empty(run.Check.Faults);
        Assert.True(run.Check.RefusedCount > 100);
        Assert.True(run.Check.EqualCount > 0);
    }
}
