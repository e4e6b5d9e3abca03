namespace NeuroDb.Query;

/// <summary>The tests of IS.</summary>
internal enum TruthTest
{
    /// <summary>IS NULL.</summary>
    Null,

    /// <summary>IS TRUE.</summary>
    True,

    /// <summary>IS FALSE.</summary>
    False,

    /// <summary>IS UNKNOWN.</summary>
    Unknown,
}
