namespace NeuroDb.Query;

/// <summary>The rows that a WHEN of MERGE is for.</summary>
internal enum MergeMatch
{
    /// <summary>Rows of the table with a row of the source.</summary>
    Matched,

    /// <summary>Rows of the source without a row of the table.</summary>
    NotMatchedByTarget,

    /// <summary>Rows of the table without a row of the source.</summary>
    NotMatchedBySource,
}
