namespace NeuroDb.Query;

/// <summary>Where NULLs sort, as written.</summary>
internal enum NullOrder
{
    /// <summary>Not written.</summary>
    Default,

    /// <summary>NULLS FIRST.</summary>
    First,

    /// <summary>NULLS LAST.</summary>
    Last,
}
