namespace NeuroDb.Neural;

/// <summary>What a row is used for.</summary>
internal enum SplitPart : byte
{
    /// <summary>To learn from.</summary>
    Train,

    /// <summary>To choose by.</summary>
    Validation,

    /// <summary>To judge by, once.</summary>
    Test,
}
