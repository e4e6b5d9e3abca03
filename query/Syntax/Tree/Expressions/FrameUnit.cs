namespace NeuroDb.Query;

/// <summary>What the bounds of a frame count.</summary>
internal enum FrameUnit
{
    /// <summary>Rows.</summary>
    Rows,

    /// <summary>Distances of the key of the order.</summary>
    Range,

    /// <summary>Groups of rows with equal keys of the order.</summary>
    Groups,
}
