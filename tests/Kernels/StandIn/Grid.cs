namespace ILGPU;

/// <summary>Test stand-in: where the calling thread's group stands in the grid.</summary>
public static class Grid
{
    public static int IdxX => Lane.Current.GridIndex;

    public static int DimX => Lane.Current.GridSize;
}
