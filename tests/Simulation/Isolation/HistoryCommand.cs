namespace NeuroDb.Tests.Simulation;

/// <summary>The command that runs histories and looks for anomalies.</summary>
internal static class HistoryCommand
{
    /// <summary>Runs histories of both isolation levels, every tenth on threads.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(long count, ulong seed)
    {
        const int ThreadPeriod = 10;
        long transactions = 0;
        long failures = 0;
        long skews = 0;
        for (ulong own = seed; own < seed + (ulong)count; own++)
        {
            TransactionIsolation isolation = own % 2 == 0
                ? TransactionIsolation.Serializable
                : TransactionIsolation.Snapshot;
            bool isOnThreads = own / 2 % ThreadPeriod == 0;
            IReadOnlyList<HistoryTransaction> history = isOnThreads
                ? HistoryRun.OnThreads(own, isolation)
                : HistoryRun.InTurns(own, "/histories", isolation);
            transactions += history.Count;
            foreach (Anomaly anomaly in AnomalyChecker.Check(history))
            {
                bool isAllowed = isolation == TransactionIsolation.Snapshot
                    && anomaly.IsAllowedInSnapshots;
                skews += isAllowed ? 1 : 0;
                failures += isAllowed ? 0 : 1;
                if (!isAllowed)
                {
                    Console.WriteLine(
                        $"FAILED {ImageCommand.Prefix} --histories 1 --seed {own}: {isolation}, "
                        + $"{anomaly.Kind}:\n    {anomaly.What}");
                }
            }
        }

        Console.WriteLine(
            $"histories={count} transactions={transactions} failures={failures} seed={seed}, "
            + $"{skews} snapshot histories are not serializable");
        return failures == 0 ? 0 : 1;
    }
}
