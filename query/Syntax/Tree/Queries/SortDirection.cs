namespace NeuroDb.Query;

/// <summary>The direction of a sort, as written.</summary>
internal enum SortDirection
{
    /// <summary>Not written.</summary>
    Default,

    /// <summary>ASC.</summary>
    Ascending,

    /// <summary>DESC.</summary>
    Descending,
}
