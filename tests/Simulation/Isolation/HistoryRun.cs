namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A history of several clients: taken turn by turn in the order of a seed, with checkpoints and
/// kills of the process in between, or on threads of their own.
/// </summary>
internal static class HistoryRun
{
    private const int ClientCount = 5;
    private const int TurnCount = 600;
    private const int LifeMax = 3;
    private const int StepsPerThread = 400;

    /// <summary>Runs clients in turns; the same seed gives the same history.</summary>
    public static IReadOnlyList<HistoryTransaction> InTurns(
        ulong seed, string root, TransactionIsolation isolation)
    {
        var random = new SeededRandomSource(seed);
        var disk = new SimulatedDisk();
        MachineShape shape = MachineShape.Of(root, seed);
        var log = new HistoryLog();
        int lives = 1 + random.Below(LifeMax);
        for (int life = 0; life < lives; life++)
        {
            using var process = new SimulatedProcess(disk, shape, random.NextUInt64());
            NeuroStore database = process.Open();
            if (life == 0)
            {
                HistoryClient.Create(database);
            }

            TakeTurns(process, log, isolation, random, TurnCount / lives);
            if (life == lives - 1)
            {
                using var last = new HistoryClient(database, log, isolation, 0);
                last.ReadAll();
            }

            if (random.OneIn(2))
            {
                process.Kill();
            }
            else
            {
                process.Close();
            }
        }

        return log.Transactions;
    }

    /// <summary>Runs each client on a thread.</summary>
    public static IReadOnlyList<HistoryTransaction> OnThreads(
        ulong seed, TransactionIsolation isolation)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        HistoryClient.Create(database);
        var log = new HistoryLog();
        var threads = new Thread[ClientCount];
        for (int i = 0; i < ClientCount; i++)
        {
            ulong own = Hash64.Combine(seed, (ulong)i);
            threads[i] = new Thread(() =>
            {
                using var client = new HistoryClient(database, log, isolation, own);
                for (int step = 0; step < StepsPerThread; step++)
                {
                    client.Step();
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        using var last = new HistoryClient(database, log, isolation, 0);
        last.ReadAll();
        return log.Transactions;
    }

    private static void TakeTurns(
        SimulatedProcess process,
        HistoryLog log,
        TransactionIsolation isolation,
        SeededRandomSource random,
        int count)
    {
        HistoryClient[] clients = [.. Enumerable.Range(0, ClientCount).Select(_ =>
            new HistoryClient(process.Database, log, isolation, random.NextUInt64()))];
        for (int turn = 0; turn < count; turn++)
        {
            random.Of(clients).Step();
            if (random.OneIn(40))
            {
                process.Database.Execute(random.Of(Statements.Maintenance));
            }

            if (random.OneIn(10))
            {
                process.Settle(random.Below(20));
            }
        }

        foreach (HistoryClient client in clients)
        {
            client.Dispose();
        }
    }
}
