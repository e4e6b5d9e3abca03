namespace NeuroDb.Storage;

/// <summary>How a commit takes the gate.</summary>
internal static class CommitGate
{
    // Some tenths of a millisecond in all, as long as a thread that sleeps needs to come back.
    private const int TryCount = 400;
    private const int SpinsEach = 10;

    /// <summary>
    /// Takes a lock that nearly everybody holds for microseconds only: waits for it running, and
    /// sleeps only when that has lasted.
    /// </summary>
    public static void Enter(object gate)
    {
        for (int i = 0; i < TryCount; i++)
        {
            if (Monitor.TryEnter(gate))
            {
                return;
            }

            Thread.SpinWait(SpinsEach);
        }

        Monitor.Enter(gate);
    }
}
