namespace NeuroDb.Gpu;

/// <summary>
/// The rows that a <see cref="ListScan"/> leaves; memory that one search uses again and again.
/// </summary>
internal sealed class ListSurvivors
{
    /// <summary>The places of the rows in their list.</summary>
    public int[] Slots { get; private set; } = [];

    /// <summary>Their estimated ranks.</summary>
    public float[] Estimates { get; private set; } = [];

    /// <summary>The lower bounds of their ranks.</summary>
    public float[] Lowers { get; private set; } = [];

    /// <summary>The bytes of codes and factors that were read to find them.</summary>
    public long SizeBytesRead { get; set; }

    /// <summary>Makes room for that many rows; what was there is gone.</summary>
    public void Reserve(int count)
    {
        if (Slots.Length < count)
        {
            Slots = new int[count];
            Estimates = new float[count];
            Lowers = new float[count];
        }
    }
}
