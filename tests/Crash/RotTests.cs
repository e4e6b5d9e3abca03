namespace NeuroDb.Tests.Crash;

/// <summary>The short form of the damages; the long one is a command in README.</summary>
public sealed class RotTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_database_answers_the_same_or_is_refused(bool isClosed)
    {
        RotCheck check = RotRun.Run(isClosed, step: 59, zeroStep: 80_021);
        Assert.Empty(check.Faults);
        Assert.True(check.RefusedCount > check.EqualCount);
    }
}
