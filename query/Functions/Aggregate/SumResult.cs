namespace NeuroDb.Query;

/// <summary>
/// What sum, total and avg make of the sum and the number of values of each group.
/// </summary>
internal enum SumResult
{
    /// <summary>sum: NULL of nothing.</summary>
    Sum,

    /// <summary>avg: NULL of nothing, a double unless decimals are averaged.</summary>
    Average,

    /// <summary>total: 0.0 of nothing.</summary>
    Total,
}
