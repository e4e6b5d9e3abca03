namespace NeuroDb.Query;

/// <summary>What the first line of a CSV file is.</summary>
internal enum CopyHeader
{
    /// <summary>A row as all others.</summary>
    None,

    /// <summary>Names that are left out; fields go to columns by their place.</summary>
    Skip,

    /// <summary>Names that must be those of the columns, in order.</summary>
    Match,

    /// <summary>Names that say which column each field goes to.</summary>
    ByName,
}
