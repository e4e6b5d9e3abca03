namespace NeuroDb.Tests.Crash;

/// <summary>The short form of the damages; the long one is a command in README.</summary>
public sealed class RotTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_damaged_database_gives_equal_answers_or_is_refused(
        bool isKilled, bool isEncrypted)
    {
        var run = new RotRun(
            isKilled ? SampleForm.Killed : SampleForm.Closed,
            isEncrypted,
            isLarge: false,
            hasMore: true);
        Assert.Contains(run.Names, static name => name.EndsWith(".seg", StringComparison.Ordinal));
        Assert.Contains(run.Names, static name => name.EndsWith(".del", StringComparison.Ordinal));
        Assert.Contains("HISTORY", run.Names);
        run.Bits.Run(step: 197, openStep: 5);
        run.TryFaults(1_000, seed: 40);
        Assert.Empty(run.Check.Faults);
        Assert.True(run.Check.RefusedCount > 100);
        Assert.True(run.Check.EqualCount > 0);
    }

    [Fact]
    public void Damage_behind_the_log_is_found_before_an_opening_changes_a_file()
    {
        // Large values are looked for in segments that only the log names; one of these is damaged.
        var run = new RotRun(
            SampleForm.Killed, isEncrypted: false, isLarge: true, hasMore: true);
        Assert.Contains(run.Names, static name => name.EndsWith(".vec", StringComparison.Ordinal));
        run.TryFaults(30, seed: 50);
        Assert.Empty(run.Check.Faults);
    }
}
