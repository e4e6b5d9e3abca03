namespace NeuroDb.Gpu;

/// <summary>What a device form does to a result before it is stored.</summary>
[Flags]
internal enum EpilogueFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What the result holds is added.</summary>
    Added = 1,

    /// <summary>The bias of the column is added.</summary>
    Biased = 2,

    /// <summary>Negative results become zero.</summary>
    Rectified = 4,
}
