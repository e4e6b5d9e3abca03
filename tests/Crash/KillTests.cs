namespace NeuroDb.Tests.Crash;

/// <summary>The short form of the kill loop; the long one is a command in README.</summary>
public sealed class KillTests
{
    [Fact]
    public void Acknowledged_transactions_survive_a_killed_writer()
    {
        using var loop = new KillLoop(seed: 20, isShort: true);
        for (int cycle = 0; cycle < 8; cycle++)
        {
            Assert.Null(loop.RunCycle());
        }

        Assert.True(loop.AcknowledgedCount > 0);
    }
}
