namespace NeuroDb.Tests.Simulation;

/// <summary>The short form of the histories; the long one is a command in README.</summary>
public sealed class IsolationTests
{
    private const int HistoryCount = 25;

    [Fact]
    public void Histories_of_snapshots_have_no_anomaly_but_write_skew()
    {
        int skews = 0;
        for (ulong seed = 1; seed <= HistoryCount; seed++)
        {
            IReadOnlyList<Anomaly> anomalies = AnomalyChecker.Check(
                HistoryRun.InTurns(seed, "/snapshots", TransactionIsolation.Snapshot));
            Assert.DoesNotContain(anomalies, static one => !one.IsAllowedInSnapshots);
            skews += anomalies.Count;
        }

        // Histories without any skew would show nothing about the other level.
        Assert.True(skews > HistoryCount / 4);
    }

    [Fact]
    public void Histories_of_serializable_transactions_have_no_anomaly()
    {
        for (ulong seed = 1; seed <= HistoryCount; seed++)
        {
            Assert.Empty(AnomalyChecker.Check(
                HistoryRun.InTurns(seed, "/serializable", TransactionIsolation.Serializable)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histories_of_threads_have_no_anomaly(bool isSerializable)
    {
        TransactionIsolation isolation = isSerializable
            ? TransactionIsolation.Serializable
            : TransactionIsolation.Snapshot;
        IReadOnlyList<HistoryTransaction> history = HistoryRun.OnThreads(7, isolation);
        Assert.DoesNotContain(
            AnomalyChecker.Check(history),
            one => isSerializable || !one.IsAllowedInSnapshots);
        Assert.Contains(history, static one => one.Outcome == HistoryOutcome.Committed
            && one.Operations.Exists(static step => step.Read is null));
    }
}
