namespace NeuroDb.Gpu;

/// <summary>
/// Numbers for runs of rows that never change, by which a device knows the copies that it keeps
/// (<see cref="VectorBlock.Version"/>): unlike all others of the process and never used again.
/// </summary>
internal static class BlockVersions
{
    private static long _last;

    /// <summary>Takes so many numbers; the first of them.</summary>
    public static long Take(long count) => Interlocked.Add(ref _last, count) - count + 1;
}
