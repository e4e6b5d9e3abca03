namespace ILGPU;

/// <summary>Test stand-in: the lanes that run in step with the calling thread.</summary>
public static class Warp
{
    public static int WarpSize => Lane.Current.WarpSize;

    public static int LaneIdx => Lane.Current.GroupIndex % Lane.Current.WarpSize;

    public static void Barrier() => Lane.Current.WarpBarrier.SignalAndWait();

    public static T ShuffleXor<T>(T variable, int mask)
        where T : unmanaged
    {
        Lane lane = Lane.Current;
        object[] slots = lane.NextSlots();
        slots[LaneIdx] = variable;
        Barrier();
        return (T)slots[LaneIdx ^ mask];
    }
}
