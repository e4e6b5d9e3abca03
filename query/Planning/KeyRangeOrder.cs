namespace NeuroDb.Query;

/// <summary>In which order a range of a key is read.</summary>
internal enum KeyRangeOrder
{
    /// <summary>In the order of the row numbers, as by a scan.</summary>
    None,

    /// <summary>From the lowest key.</summary>
    Ascending,

    /// <summary>From the highest key.</summary>
    Descending,

    /// <summary>Only the row of the lowest key and that of the highest.</summary>
    Ends,
}
