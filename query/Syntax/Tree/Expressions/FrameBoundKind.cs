namespace NeuroDb.Query;

/// <summary>The kinds of ends of a frame, from first to last.</summary>
internal enum FrameBoundKind
{
    /// <summary>UNBOUNDED PRECEDING: the first row of the partition.</summary>
    Start,

    /// <summary>n PRECEDING.</summary>
    Preceding,

    /// <summary>CURRENT ROW.</summary>
    Current,

    /// <summary>n FOLLOWING.</summary>
    Following,

    /// <summary>UNBOUNDED FOLLOWING: the last row of the partition.</summary>
    End,
}
