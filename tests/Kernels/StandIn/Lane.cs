namespace ILGPU;

/// <summary>
/// Test stand-in: one thread of a group. Every lane is a real thread, so that a kernel that misses
/// a barrier fails here as it would on a device.
/// </summary>
public sealed class Lane
{
    [ThreadStatic]
    private static Lane? _current;

    private readonly object[][] _slots;
    private int _shuffles;

    private Lane(Barrier groupBarrier, Barrier warpBarrier, object[][] slots)
    {
        GroupBarrier = groupBarrier;
        WarpBarrier = warpBarrier;
        _slots = slots;
    }

    public static Lane Current =>
        _current ?? throw new InvalidOperationException("Device code runs only in a launch.");

    public Barrier GroupBarrier { get; }

    public Barrier WarpBarrier { get; }

    public int WarpSize { get; private init; }

    public int GroupSize { get; private init; }

    public int GroupIndex { get; private init; }

    public int GridSize { get; private init; }

    public int GridIndex { get; private set; }

    /// <summary>Runs a kernel on every thread of every group, one group after another.</summary>
    public static void Launch(int gridSize, int groupSize, int warpSize, Action kernel)
    {
        using var group = new Barrier(groupSize);
        Barrier[] warps =
            [.. Enumerable.Range(0, groupSize / warpSize).Select(_ => new Barrier(warpSize))];
        object[][][] slots =
            [.. warps.Select(_ => new[] { new object[warpSize], new object[warpSize] })];
        Exception? failure = null;
        Thread[] threads = new Thread[groupSize];
        for (int i = 0; i < groupSize; i++)
        {
            int warp = i / warpSize;
            var lane = new Lane(group, warps[warp], slots[warp])
            {
                WarpSize = warpSize,
                GroupSize = groupSize,
                GroupIndex = i,
                GridSize = gridSize,
            };
            threads[i] = new Thread(() => lane.Run(kernel, ref failure), 256 * 1024);
            threads[i].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        Array.ForEach(warps, barrier => barrier.Dispose());
        if (failure is not null)
        {
            throw new InvalidOperationException("The kernel failed.", failure);
        }
    }

    /// <summary>
    /// Two rows of slots in turn: a fast lane never overwrites what a slow one reads.
    /// </summary>
    internal object[] NextSlots() => _slots[_shuffles++ % 2];

    private void Run(Action kernel, ref Exception? failure)
    {
        _current = this;
        try
        {
            for (int i = 0; i < GridSize; i++)
            {
                GridIndex = i;
                kernel();
                GroupBarrier.SignalAndWait();
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, e, null);
            WarpBarrier.RemoveParticipant();
            GroupBarrier.RemoveParticipant();
        }
        finally
        {
            _current = null;
        }
    }
}
