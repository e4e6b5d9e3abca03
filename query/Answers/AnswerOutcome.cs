namespace NeuroDb.Query;

/// <summary>What came of a piece of work in the background; the later ones prevail.</summary>
internal enum AnswerOutcome
{
    /// <summary>Nothing is left to do.</summary>
    Complete,

    /// <summary>Some values cannot be made; the others are.</summary>
    Failed,

    /// <summary>A user's transaction is in the way.</summary>
    Blocked,

    /// <summary>There is more to do.</summary>
    Working,
}
