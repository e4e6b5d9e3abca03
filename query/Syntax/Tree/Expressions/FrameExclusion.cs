namespace NeuroDb.Query;

/// <summary>Which rows of a frame are left out.</summary>
internal enum FrameExclusion
{
    /// <summary>EXCLUDE NO OTHERS: none.</summary>
    None,

    /// <summary>EXCLUDE CURRENT ROW.</summary>
    Current,

    /// <summary>EXCLUDE GROUP: the row and its equals in the order.</summary>
    Group,

    /// <summary>EXCLUDE TIES: the equals of the row, not the row.</summary>
    Ties,
}
