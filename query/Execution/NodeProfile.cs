using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What was measured of one operator in one execution, its inputs included, on all threads
/// together.
/// </summary>
internal sealed class NodeProfile
{
    private long _skippedChunks;
    private long _rows;
    private long _elapsedTicks;
    private long _allocatedBytes;
    private long _spilledBytes;
    private int _lanes;

    /// <summary>How often it was started: once for each outer row of a subquery.</summary>
    public long Starts { get; set; }

    /// <summary>The rows it gave.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>The ranges that it was cut into; 0 for one that ran on one thread.</summary>
    public int LaneCount => Volatile.Read(ref _lanes);

    /// <summary>Whether a range of a key was so large that it was read by a scan.</summary>
    public bool IsByScan { get; set; }

    /// <summary>Chunks that were left out by what is known of their values.</summary>
    public long SkippedChunks => Volatile.Read(ref _skippedChunks);

    /// <summary>What searches through indexes of vectors did; null if there was none.</summary>
    public VectorSearchStatistics? VectorSearch { get; set; }

    /// <summary>What exact scans through vectors did; null if there was none.</summary>
    public VectorScanStatistics? VectorScan { get; set; }

    /// <summary>The time it took.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Volatile.Read(ref _elapsedTicks));

    /// <summary>
    /// The memory that its threads allocated for it; freed memory is not subtracted.
    /// </summary>
    public long AllocatedBytes => Volatile.Read(ref _allocatedBytes);

    /// <summary>Counts rows that it gave; from any thread.</summary>
    public void CountRows(int count) => Interlocked.Add(ref _rows, count);

    /// <summary>The bytes that it put on disk.</summary>
    public long SpilledBytes => Volatile.Read(ref _spilledBytes);

    /// <summary>Counts bytes put on disk.</summary>
    public void CountSpilled(long bytes) => Interlocked.Add(ref _spilledBytes, bytes);

    /// <summary>Counts a range that a thread of its own may run.</summary>
    public void CountThread() => Interlocked.Increment(ref _lanes);

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
            Interlocked.Add(
                ref _allocatedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
            Interlocked.Add(ref _elapsedTicks, clock.GetElapsedTime(start).Ticks);
        }
    }
}
