namespace NeuroDb.Query;

/// <summary>
/// What was measured of one operator in one execution, its inputs included. Operators of one
/// execution run one at a time.
/// </summary>
internal sealed class NodeProfile
{
    private long _skippedChunks;

    /// <summary>How often it was started: once for each outer row of a subquery.</summary>
    public long Starts { get; set; }

    /// <summary>The rows it gave.</summary>
    public long Rows { get; set; }

    /// <summary>Whether a range of a key was so large that it was read by a scan.</summary>
    public bool IsByScan { get; set; }

    /// <summary>Chunks that were left out by what is known of their values.</summary>
    public long SkippedChunks => Volatile.Read(ref _skippedChunks);

    /// <summary>The time it took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>
    /// The memory that its thread allocated for it; freed memory is not subtracted.
    /// </summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Counts a chunk that was left out; from any thread.</summary>
    public void CountSkippedChunk() => Interlocked.Increment(ref _skippedChunks);

    /// <summary>Runs a piece of the operator.</summary>
    public T Measure<T>(TimeProvider clock, Func<T> piece)
    {
        long start = clock.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return piece();
        }
        finally
        {
            AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            Elapsed += clock.GetElapsedTime(start);
        }
    }
}
