namespace NeuroDb.Tests.Simulation;

/// <summary>The orders in which keys come.</summary>
internal enum KeySequenceKind
{
    /// <summary>Each below the one before.</summary>
    Descending,

    /// <summary>The gaps double and double.</summary>
    Gaps,

    /// <summary>Neighbours, then a jump.</summary>
    Stairs,

    /// <summary>Small ones, and now and then one of the greatest.</summary>
    Outlier,

    /// <summary>One key for ever.</summary>
    OneKey,

    /// <summary>Seven keys.</summary>
    FewKeys,

    /// <summary>From both ends in turns.</summary>
    Zigzag,

    /// <summary>Around the middle, where signs change.</summary>
    Middle,

    /// <summary>Anything.</summary>
    Random,
}
