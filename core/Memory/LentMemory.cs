namespace NeuroDb;

/// <summary>
/// How much memory outside of the collector's heap waits for the collector to give it back. It
/// does not see that memory, so it is told once much of it waits; a little of it is not worth a
/// collection, which stops all threads.
/// </summary>
internal static class LentMemory
{
    private const long UntoldSizeBytesMax = 256 << 20;
    private static readonly Lock Gate = new();
    private static long _waitingBytes;
    private static long _toldBytes;

    /// <summary>So much more waits.</summary>
    public static void Wait(long sizeBytes) => Change(sizeBytes);

    /// <summary>So much was given back.</summary>
    public static void EndWait(long sizeBytes) => Change(-sizeBytes);

    private static void Change(long sizeBytes)
    {
        long difference;
        lock (Gate)
        {
            _waitingBytes += sizeBytes;
            Invariant.Check(_waitingBytes >= 0);
            long told = Math.Max(0, _waitingBytes - UntoldSizeBytesMax);
            difference = told - _toldBytes;
            _toldBytes = told;
        }

        if (difference > 0)
        {
            GC.AddMemoryPressure(difference);
        }
        else if (difference < 0)
        {
            GC.RemoveMemoryPressure(-difference);
        }
    }
}
