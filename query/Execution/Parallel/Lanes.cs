namespace NeuroDb.Query;

/// <summary>
/// Runs a pipeline on the threads of a statement. The morsels are cut into as many ranges as there
/// are lanes, and what the lanes give is put together in their order: so rows, groups and ties come
/// in the order of one thread, and exact sums are the same bits. Sums of floating point are
/// compensated in each lane; their last digit may depend on the number of lanes.
/// </summary>
internal static class Lanes
{
    /// <summary>An input of fewer morsels is not worth another thread.</summary>
    public const int MorselCountMin = 8;

    private const int LanesPerThread = 2;
    private const int MorselsPerLaneMin = 4;

    /// <summary>
    /// Runs a body over each range, then disposes the pipeline; the results in the order of the
    /// ranges.
    /// </summary>
    public static T[] Run<T>(
        Pipeline pipeline, ExecutionContext context, Func<BatchCursor, T> body)
    {
        using Pipeline disposed = pipeline;
        int morsels = pipeline.MorselCount;
        int wanted = context.ThreadCount < context.Workers.Count
            ? context.ThreadCount
            : context.ThreadCount * LanesPerThread;
        int count = morsels < MorselCountMin
            ? 1
            : Math.Clamp(wanted, 1, morsels / MorselsPerLaneMin);
        if (count > 1)
        {
            context.Share();
        }

        var results = new T[count];
        context.Workers.ForEach(count, lane =>
        {
            using BatchCursor cursor = pipeline.Open(
                (int)((long)lane * morsels / count), (int)((lane + 1L) * morsels / count));
            results[lane] = body(cursor);
        });
        return results;
    }
}
