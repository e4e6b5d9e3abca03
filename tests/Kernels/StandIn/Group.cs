namespace ILGPU;

/// <summary>Test stand-in: where the calling thread stands in its group.</summary>
public static class Group
{
    public static int IdxX => Lane.Current.GroupIndex;

    public static int DimX => Lane.Current.GroupSize;

    public static void Barrier() => Lane.Current.GroupBarrier.SignalAndWait();
}
