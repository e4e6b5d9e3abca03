namespace NeuroDb.Tests.Simulation;

/// <summary>The short form of failing calls; the long one is a command in README.</summary>
public sealed class FaultTests
{
    private const int Stride = 29;

    [Fact]
    public void A_call_that_fails_once_or_for_ever_loses_nothing_that_was_promised()
    {
        List<FaultCase> cases = FaultRun.CasesOfCalls(201, "/calls");
        Assert.NotEmpty(cases);
        for (int i = 0; i < cases.Count; i += Stride)
        {
            Assert.Null(new FaultRun(cases[i], "/calls").Run());
        }
    }

    [Fact]
    public void A_disk_that_is_full_at_any_size_loses_nothing_that_was_promised()
    {
        List<FaultCase> cases = FaultRun.CasesOfSpace(202, "/space", stepBytes: 8192);
        Assert.NotEmpty(cases);
        foreach (FaultCase faultCase in cases)
        {
            Assert.Null(new FaultRun(faultCase, "/space").Run());
        }
    }
}
